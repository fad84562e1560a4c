-- How many values the fill has stored. One row.

select count(*) as value_rows from metric_value
