-- Ledger rows that did not enter the tables, counted by what became of them. One row per sheet
-- and fate.

select s.ledger_name, s.file_name, s.sheet_name, r.fate, count(*)::integer as rows
from source_row as r
join source_file as s using (source_id)
where r.fate <> '合格'
group by all
order by s.file_name, s.sheet_name, r.fate
