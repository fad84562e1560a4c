-- The columns of every table of a version, to see what an older software's version has.
-- One row per column.
select table_name, column_name
from duckdb_columns()
where not internal
order by table_name, column_index
