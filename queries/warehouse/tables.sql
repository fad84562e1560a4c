-- The base tables of a version, parents before children. One row per table.
select table_name
from duckdb_tables()
where schema_name = 'main'
order by table_oid
