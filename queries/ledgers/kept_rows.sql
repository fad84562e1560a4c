-- The raw rows of a version, to be carried into the next one. $rows: false for none of them.
-- One row per row of a ledger sheet.
select source_id, row_no, fate, raw::varchar as raw
from source_row
where $rows
