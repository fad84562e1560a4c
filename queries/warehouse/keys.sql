-- The primary key columns of every table that came from ledgers. One row per table.
with facts as (
    select table_name
    from duckdb_columns()
    where schema_name = 'main' and column_name = 'source_row'
)

select c.table_name, c.constraint_column_names as key_columns, t.table_oid
from duckdb_constraints() as c
join facts using (table_name)
join duckdb_tables() as t using (table_name)
where c.constraint_type = 'PRIMARY KEY' and t.schema_name = 'main'
order by t.table_oid
