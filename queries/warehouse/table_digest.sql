-- The columns and rows of a table as one short text, whatever the order of the rows. $table: its
-- name; $beside: columns that do not count. One row.

with described as (
    select string_agg(column_name || ' ' || data_type, ', ' order by column_index) as columns
    from duckdb_columns()
    where table_name = $table and schema_name = 'main'
)

select
    any_value(described.columns)
    || '; '
    || count(rows.one)
    || ' rows: '
    || coalesce(sum(rows.one), 0) as digest
from described
left join (
    select hash(*columns(lambda name: not list_contains($beside, name)))::hugeint as one
    from query_table($table)
) as rows on true
