-- What stops a publish: rows found by rules of severity 错误, with the ledger row each lies in.
-- One row per rule and thing.
select
    found.check_id,
    found.entity_table,
    found.entity_id,
    found.message,
    found.mend,
    source_file.file_name,
    source_file.sheet_name,
    lineage.source_row
from check_result as found
left join lineage using (entity_table, entity_id)
left join source_file using (source_id)
where found.severity = '错误'
order by found.check_id, source_file.file_name, lineage.source_row, found.entity_id
