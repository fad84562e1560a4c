/*
id = "circle_left_out"
name = "十分钟圈外居民"
short = "圈外居民"
group = "智 服务"
kind = "total"
window = "as-of"
level = "community"
unit = "人"
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "步行10分钟（720米）内没有开放阵地的常住居民"
direction = "down"
cadence = "每月"
source = "十分钟圈人口覆盖率的另一面：说人，不只说百分比"
mark = "own"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼算在圈外。楼栋、人口为台账现状，阵地按启用与停用日期计。"
moves = { gained = "{n}不再覆盖", lost = "新覆盖{n}" }

[params]
farthest = 720
people = "residents"

[[variants]]
id = "older"
name = "60岁及以上居民，老年人步速（480米）"
params = { farthest = 480, people = "residents_60" }

[[variants]]
id = "m500"
name = "500米（GB 50180 十分钟圈）"
params = { farthest = 500 }
*/
with served as (
    from buildings_served($as_of, $farthest, ['街道', '社区', '小区', '集聚区'], []::varchar[], 0, 0)
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    case
        when served.building_id is not null then 0
        when $people = 'residents_60' then b.residents_60
        else b.residents
    end as numerator,
    null::bigint as denominator
from building as b
join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
join community as c using (community_code)
left join served using (building_id)
