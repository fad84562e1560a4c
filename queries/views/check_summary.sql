-- How many rows each data-quality rule found. One row per rule that found any.

select check_id, severity, entity_table, count(*)::integer as rows
from check_result
group by all
order by list_position(['错误', '警告', '提示'], severity), rows desc, check_id
