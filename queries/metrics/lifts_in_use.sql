/*
id = "lifts_in_use"
name = "加装电梯投用数"
short = "加梯投用"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "部"
one_row = "一部申请加装的电梯"
entities = ["elevator"]
numerator = "到月末已投用的加装电梯"
direction = "up"
cadence = "每月"
source = "公开报道：一批老旧社区告别了“爬楼时代”；由加装电梯台账计"
mark = "own"
caveat = "只计加装，不计建房时已有的电梯。"
moves = { came = "新登记已投用", gained = "新投用" }
*/
-- elevator_standing：见 queries/schema/10_renewal.sql
select
    e.elevator_id as entity_id,
    e.elevator_name as entity_name,
    c.street_code,
    b.community_code,
    (e.standing = '投用')::integer as numerator,
    null::integer as denominator,
    case when e.standing <> '投用' then e.standing end as reason
from elevator_standing($as_of) as e
join building as b using (building_id)
join community as c using (community_code)
