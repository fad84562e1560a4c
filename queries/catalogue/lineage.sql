-- The ledger row behind every row of the given fact tables. One row per thing.

select
    l.entity_table,
    l.entity_id,
    l.source_id,
    f.file_name,
    f.sheet_name,
    l.source_row
from lineage as l
join source_file as f using (source_id)
where list_contains($tables::varchar[], l.entity_table)
