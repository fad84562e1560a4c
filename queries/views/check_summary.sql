-- How many rows each data-quality rule found. One row per rule that found any.

select check_id, count(*)::integer as rows from check_result group by check_id order by check_id
