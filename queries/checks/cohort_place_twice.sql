/*
id = "cohort_place_twice"
name = "一个社区同年分在两组"
severity = "警告"
entity = "cohort"
mend = "在赛马分组台账只留一行；未改以前以编号在前的为准。"
*/
select
    o.cohort_id as entity_id,
    c.community_name || o.year || '年同时在' || count(*) over same || '行里分组：' || o.cohort || '。' as message
from cohort as o
join community as c using (community_code)
window same as (partition by o.year, o.community_code, o.declared_on)
qualify count(*) over same > 1
