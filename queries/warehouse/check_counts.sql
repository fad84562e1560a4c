-- How many rows the quality rules found, by severity. One row per severity that occurs.
select severity, count(*)::bigint as row_count
from check_result
group by severity
