/*
id = "lifts_one_short"
name = "只差一户同意的加装电梯"
short = "差一户加梯"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "部"
one_row = "一部征询中的电梯"
entities = ["elevator"]
needs = ["elevator_consent", "consent_rule"]
numerator = "征询中、再有一户同意即达到规定户数的电梯"
direction = "down"
cadence = "每月"
source = "按表决规则算出的最少还需同意户数"
mark = "own"
caveat = "未表态的和不同意的都可争取；面积差额另列。"
moves = { came = "新列入", left = "办结", gained = "转为只差一户", lost = "不再只差一户" }

[params]
most = 1

[[variants]]
id = "two"
name = "差两户以内"
params = { most = 2 }
*/
-- elevator_standing：见 queries/schema/10_renewal.sql
select
    e.elevator_id as entity_id,
    e.elevator_name as entity_name,
    c.street_code,
    b.community_code,
    (e.short_households between 1 and $most)::integer as numerator,
    null::integer as denominator,
    case
        when e.rule_id is null then '没有施行中的表决规则'
        when e.short_households not between 1 and $most
            then '还差' || e.short_households || '户、' || round(e.short_m2, 1) || '平方米'
    end as reason
from elevator_standing($as_of) as e
join building as b using (building_id)
join community as c using (community_code)
where e.standing = '征询中'
