-- How many findings of the data-quality rules are kept. One row.

select count(*) as finding_rows from check_result
