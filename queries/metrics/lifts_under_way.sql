/*
id = "lifts_under_way"
name = "在办的加装电梯"
short = "加梯在办"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "部"
one_row = "一部已申请、未投用的电梯"
entities = ["elevator"]
numerator = "月末已申请、未投用的加装电梯"
direction = "none"
cadence = "每月"
source = "由加装电梯台账计"
mark = "own"
caveat = "征询多年未果的也在内。"
moves = { came = "新申请", left = "投用" }
*/
-- elevator_standing：见 queries/schema/10_renewal.sql
select
    e.elevator_id as entity_id,
    e.elevator_name || '（' || e.standing || '）' as entity_name,
    c.street_code,
    b.community_code,
    1 as numerator,
    null::integer as denominator
from elevator_standing($as_of) as e
join building as b using (building_id)
join community as c using (community_code)
where e.standing <> '投用'
