/*
id = "covenant_twice"
name = "一个社区有几版居民公约同时有效"
severity = "警告"
entity = "covenant"
mend = "核对居民公约台账：修订通过后，把原来那一版填上废止日期。"
*/
select
    v.covenant_id as entity_id,
    c.community_name || '有' || count(*) over same || '版居民公约同时有效，这一版通过于'
        || v.adopted_on || '。' as message
from covenant as v
join community as c using (community_code)
where coalesce(v.ended_on > (select max(month_end) from month), true)
window same as (partition by v.community_code)
qualify count(*) over same > 1
