-- A table as it is. $table: its name. One row per row.
select *
from query_table($table)
