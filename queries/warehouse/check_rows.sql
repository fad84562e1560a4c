-- What the quality rules found, the gravest first. One row per rule and thing.
select check_id, severity, entity_table, entity_id, message, mend
from check_result
order by list_position(['错误', '警告', '提示'], severity), check_id, entity_id
