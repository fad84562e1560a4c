-- Run one data-quality rule and keep what it finds. One row per offending thing. The inner
-- SELECT below is replaced by the rule's own.

insert into check_result
select $check_id, $severity, $entity_table, found.entity_id, found.message, $mend
from (from member) as found
order by found.entity_id
