-- What the quality rules found. One row per rule and thing.
select check_id, severity, entity_table, entity_id, message, mend
from check_result
