/*
id = "neighbourhood_tail_rate"
name = "有党员中心户的小区占比"
short = "小区有中心户率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个小区（片区）"
entities = ["neighbourhood"]
needs = ["building_post"]
numerator = "月末至少有一家党员中心户的小区（或其户数）"
denominator = "全部小区（片区）（或其户数）"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有党员中心户"
none = "各小区（片区）都有党员中心户"
cadence = "每月"
source = "本系统自定，从“区、街、社区、小区、党员中心户逐级联系到底”而来"
mark = "own"
caveat = "小区与户数是现状，历史月份按现有小区、户数计。只看有没有，不看有没有人包保。"
moves = { came = "新列入{n}", left = "不再列入{n}", counted = "有中心户{n}", gained = "有了中心户{n}", lost = "不再有中心户{n}" }

[params]
weight = "neighbourhood"

[[variants]]
id = "households"
name = "按户数加权"
params = { weight = "household" }
*/
with counted as (
    select
        h.neighbourhood_id,
        sum(h.households) as households,
        sum(coalesce(p.posts, 0)) as posts
    from building as h
    left join (
        select building_id, count(*) as posts
        from building_post
        where kind = '党员中心户' and since_on <= $as_of and coalesce(until_on > $as_of, true)
        group by building_id
    ) as p on p.building_id = h.building_id
    group by h.neighbourhood_id
),
weighed as (
    select
        n.neighbourhood_id,
        n.neighbourhood_name,
        n.community_code,
        coalesce(counted.posts, 0) > 0 as has_tail,
        case $weight when 'household' then coalesce(counted.households, 0) else 1 end as denominator
    from neighbourhood as n
    left join counted on counted.neighbourhood_id = n.neighbourhood_id
)
select
    w.neighbourhood_id as entity_id,
    w.neighbourhood_name as entity_name,
    c.street_code,
    w.community_code,
    case when w.has_tail then w.denominator else 0 end as numerator,
    w.denominator,
    case when not w.has_tail then '没有党员中心户' end as reason
from weighed as w
join community as c using (community_code)
