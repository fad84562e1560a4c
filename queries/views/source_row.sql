-- One ledger row as it was read; of surveys, whose counts may be too small to show, not its cells. One
-- row, or none.

select
    s.file_name,
    s.sheet_name,
    s.ledger_name,
    r.row_no,
    r.fate,
    case when s.ledger_id = 'survey_need' then '{}' else r.raw::varchar end as raw
from source_row as r
join source_file as s using (source_id)
where r.source_id = $source_id and r.row_no = $row_no
