/*
id = "circle_walk"
name = "走到最近阵地的用时（九成居民）"
short = "九成步行用时"
group = "智 服务"
kind = "quantile"
window = "as-of"
level = "community"
unit = "分钟"
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "九成居民走到最近开放阵地不超过的分钟数"
direction = "down"
fewest = 5
cadence = "每月"
source = "本系统自定：覆盖率饱和时，用时仍看得出远近"
mark = "own"
caveat = "按每秒1.2米；步行只量到1,500米，最近阵地更远的楼和走不到路网的楼都算“超过”这一用时，不知超过多少。楼栋、人口为台账现状。"

[params]
quantile = 0.9
speed = 1.2
most = 20.83
people = "residents"

[[variants]]
id = "median"
name = "一半居民（中位数）"
params = { quantile = 0.5 }

[[variants]]
id = "older"
name = "60岁及以上居民，每秒0.8米"
params = { speed = 0.8, most = 31.25, people = "residents_60" }
*/
with nearest as (
    from nearest_walk($as_of, 1500, ['街道', '社区', '小区', '集聚区'], []::varchar[], 0, 0)
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    -- A walk is measured up to 1,500 m; $most minutes stand for all that is beyond.
    least(coalesce(round(nearest.metres::double / $speed / 60, 1), $most), $most) as numerator,
    case
        when d.entity_id is null then 0
        when $people = 'residents_60' then b.residents_60
        else b.residents
    end as denominator,
    case when nearest.metres is null then '步行1,500米内没有阵地' end as reason
from building as b
join community as c using (community_code)
left join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
left join nearest using (building_id)
