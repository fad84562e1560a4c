-- Ledger sheets this version was built from. One row per sheet.

select
    source_id,
    ledger_id,
    ledger_name,
    file_name,
    sheet_name,
    nature,
    crs,
    row_total,
    row_used,
    bytes,
    sha256
from source_file
order by file_name, sheet_name, source_id
