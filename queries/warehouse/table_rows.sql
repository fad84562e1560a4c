-- All rows of one ledger table with the file and sheet each came from. $table: its name.
-- One row per row of that table.
select facts.*, source_file.file_name as source_file_name, source_file.sheet_name as source_sheet_name
from query_table($table) as facts
left join source_file using (source_id)
