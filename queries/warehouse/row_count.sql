-- How many rows one table holds. $table: its name. One row.
select count(*)::bigint as row_count
from query_table($table)
