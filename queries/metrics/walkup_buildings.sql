/*
id = "walkup_buildings"
name = "六层及以上无电梯楼栋"
short = "无梯高楼"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "栋"
one_row = "一栋六层及以上的住宅楼"
entities = ["building"]
numerator = "月末没有电梯的六层及以上住宅楼"
direction = "down"
cadence = "每月"
source = "由楼栋台账的层数与有无电梯、加装电梯台账的投用日期计"
mark = "own"
caveat = "楼栋台账是现状；加装电梯投用之前按无电梯计。"
moves = { came = "新列入", left = "拆除", lost = "装上电梯" }

[params]
storeys = 6

[[variants]]
id = "seven"
name = "七层及以上"
params = { storeys = 7 }
*/
with lifted as (
    select building_id, min(in_use_on) as in_use_on
    from elevator
    where in_use_on is not null
    group by building_id
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    coalesce(l.in_use_on > $as_of, not b.has_lift)::integer as numerator,
    null::integer as denominator,
    case
        when l.in_use_on <= $as_of then '加装电梯已投用'
        when l.in_use_on is null and b.has_lift then '已有电梯'
    end as reason
from building as b
join community as c using (community_code)
left join lifted as l using (building_id)
where b.storeys >= $storeys
