/*
id = "lifts_one_short"
title = "{elevator_name}只差一户同意"
severity = "关注"
page = "renovation"
template = "{households:户}中{agreed:户}同意，尚差1户、{short_m2:平方米}；楼内60岁及以上居民{older:人}，申请已{days:天}。"
link = { part = "加装电梯", metric = "lifts_one_short", street = "{street_name}", community = "{community_name}" }
*/
select
    e.elevator_name,
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    e.households,
    e.agreed_households as agreed,
    round(e.short_m2, 1) as short_m2,
    b.residents_60 as older,
    $as_of - e.applied_on as days,
    $as_of - e.applied_on as weight
from elevator_standing($as_of) as e
join building as b using (building_id)
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where e.standing = '征询中' and e.short_households = 1
