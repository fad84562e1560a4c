-- The ledgers this version was built from. One row each.

select distinct ledger_id
from source_file
order by ledger_id
