/*
id = "two_new_twice"
name = "两新组织疑似重复登记"
severity = "警告"
entity = "two_new_org"
mend = "核对两新组织台账；确为同一家的只留一行，重复会抬高覆盖率的分母。"
*/
select
    o.org_id as entity_id,
    o.org_name || '在' || c.community_name || '登记了' || count(*) over same || '次。' as message
from two_new_org as o
join community as c using (community_code)
where o.closed_on is null
window same as (partition by o.org_name, o.community_code)
qualify count(*) over same > 1
