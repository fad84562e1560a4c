/*
id = "two_new_covered_before_opening"
name = "两新组织覆盖日期早于成立日期"
severity = "警告"
entity = "two_new_org"
mend = "核对两新组织台账的成立日期与覆盖日期。"
*/
select
    org_id as entity_id,
    org_name || ' ' || covered_on || '覆盖，早于' || opened_on || '成立。' as message
from two_new_org
where covered_on < opened_on
