/*
id = "brand_twice"
name = "一个地方同时有几个党建品牌"
severity = "提示"
entity = "brand"
mend = "核对党建品牌台账；已停用的登记终止日期。"
*/
select
    b.brand_id as entity_id,
    coalesce(c.community_name, s.street_name) || '同时有' || count(*) over same || '个品牌：'
        || b.brand_name || '。' as message
from brand as b
join street as s using (street_code)
left join community as c on c.community_code = b.community_code
where coalesce(b.ended_on > (select max(month_end) from month), true)
window same as (partition by b.street_code, b.community_code)
qualify count(*) over same > 1
