-- The base tables of a version. One row per table.
select table_name
from duckdb_tables()
where schema_name = 'main'
order by table_name
