-- The ledger sheets a version was made from. One row per sheet read.
select ledger_id, ledger_name, file_name, sheet_name, sha256, bytes, nature, row_total, row_used
from source_file
order by file_name, sheet_name, ledger_id
