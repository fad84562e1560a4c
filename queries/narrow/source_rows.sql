-- The ledger rows that a street may see, as they were read: those in $rows (of the sheets in $sources,
-- one element of both for each row) and the headers of all; of rows of other streets that must be there
-- ($hidden, alike) not the cells. One row per row of a ledger sheet.

with kept as (
    select
        unnest($sources::varchar[]) as source_id,
        unnest($rows::integer[]) as row_no,
        unnest($hidden::boolean[]) as is_hidden
)

select
    r.source_id,
    r.row_no,
    r.fate,
    case when kept.is_hidden then '{}' else r.raw::varchar end as raw
from source_row as r
left join kept using (source_id, row_no)
where kept.row_no is not null or r.fate = '表头'
order by r.source_id, r.row_no
