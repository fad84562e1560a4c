-- Rows that break a data-quality rule, the gravest first, with the ledger row behind each.
-- One row per finding.

select
    c.check_id,
    c.severity,
    c.entity_table,
    c.entity_id,
    c.message,
    c.mend,
    s.file_name,
    s.sheet_name,
    l.source_row
from check_result as c
left join lineage as l on l.entity_table = c.entity_table and l.entity_id = c.entity_id
left join source_file as s using (source_id)
order by list_position(['错误', '警告', '提示'], c.severity), c.check_id, c.entity_id
