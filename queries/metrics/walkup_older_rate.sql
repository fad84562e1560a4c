/*
id = "walkup_older_rate"
name = "住在总层数六层及以上、无电梯楼栋的老年人占比"
short = "老人爬楼"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
numerator = "六层及以上无电梯楼里的60岁及以上居民"
denominator = "全部60岁及以上居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "down"
fewest = 30
lack = "六层及以上没有电梯而住着老人"
none = "没有老人住在六层及以上的无电梯楼"
cadence = "每月"
source = "由楼栋台账的60岁及以上居民数计"
mark = "own"
caveat = "不知道住在几楼，全楼的老人都计；楼栋台账是现状。"
moves = { gained = "住进六层及以上无电梯楼栋", lost = "所住的楼装上电梯" }

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
    case
        when b.storeys >= $storeys and coalesce(l.in_use_on > $as_of, not b.has_lift)
            then b.residents_60
        else 0
    end as numerator,
    b.residents_60 as denominator,
    case
        when b.residents_60 = 0 then '没有60岁及以上居民'
        when b.storeys < $storeys then '不足' || $storeys || '层'
        when l.in_use_on <= $as_of then '加装电梯已投用'
        when l.in_use_on is null and b.has_lift then '已有电梯'
    end as reason
from building as b
join community as c using (community_code)
left join lifted as l using (building_id)
