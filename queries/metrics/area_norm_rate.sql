/*
id = "area_norm_rate"
name = "每百户阵地面积达标社区占比"
short = "面积达标率"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
numerator = "阵地面积达到每百户标准的社区（或其户数）"
denominator = "有住宅楼栋的社区（或其户数）"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "阵地面积没有达到每百户标准"
none = "各社区阵地面积都达到每百户标准"
target = 100
amber = 95
target_source = "国家发展改革委2022年通报：2025年城市社区全覆盖；接近线参照江苏2020年末85%"
cadence = "每月"
source = "每百户30平方米：国家发展改革委2022年通报"
mark = "V"
caveat = "只计社区级、小区级阵地；街道级、集聚区级阵地不归社区，不计；户数为楼栋台账现状。"
moves = { counted = "达标", gained = "社区达到面积标准", lost = "社区低于面积标准" }

[params]
norm = 30
weight = "community"

[[variants]]
id = "households"
name = "按户数加权"
params = { weight = "household" }

[[variants]]
id = "norm_20"
name = "标准取20平方米"
params = { norm = 20 }
*/
with area as (
    select community_code, sum(area_m2) as m2
    from station
    where
        level in ('社区', '小区')
        and opened_on <= $as_of
        and coalesce(closed_on > $as_of, true)
    group by community_code
),
homes as (
    select community_code, sum(households) as households
    from building
    group by community_code
    having sum(households) > 0
),
measured as (
    select
        c.community_code,
        c.community_name,
        c.street_code,
        100 * coalesce(area.m2, 0) / homes.households as m2_per_100,
        case $weight when 'community' then 1 else homes.households end as denominator
    from community as c
    join homes using (community_code)
    left join area on area.community_code = c.community_code
    where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
)
select
    community_code as entity_id,
    community_name as entity_name,
    street_code,
    community_code,
    case when m2_per_100 >= $norm then denominator else 0 end as numerator,
    denominator,
    case when m2_per_100 < $norm then '每百户' || round(m2_per_100, 1) || '平方米' end as reason,
    greatest($norm - m2_per_100, 0) as lacks
from measured
