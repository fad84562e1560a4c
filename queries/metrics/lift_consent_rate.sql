/*
id = "lift_consent_rate"
name = "加梯同意达标率"
short = "加梯同意率"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一部已申请、未投用的电梯"
entities = ["elevator"]
needs = ["elevator_consent", "consent_rule"]
numerator = "最近一次计票户数、面积均达到规定的电梯"
denominator = "月末已申请、未投用的电梯"
numerator_unit = "部"
denominator_unit = "部"
direction = "up"
fewest = 5
lack = "同意的户数或面积还不够"
none = "在办的电梯同意的户数和面积都已达到规则"
cadence = "每月"
source = "民法典第二百七十八条：参与须达三分之二、参与者中同意须达四分之三，人数与面积都要；见加梯表决规则"
mark = "R"
caveat = "比例凭转载，可在表决规则台账里改；按月末施行的规则算，征询中的必然偏低。"
moves = { came = "新申请", left = "投用", counted = "同意达标", gained = "转为同意达标", lost = "转为不达标" }
*/
-- elevator_standing：见 queries/schema/10_renewal.sql
select
    e.elevator_id as entity_id,
    e.elevator_name as entity_name,
    c.street_code,
    b.community_code,
    e.has_consent::integer as numerator,
    1 as denominator,
    case
        when e.rule_id is null then '没有施行中的表决规则'
        when not e.has_consent
            then '还差' || e.short_households || '户、' || round(e.short_m2, 1) || '平方米'
    end as reason
from elevator_standing($as_of) as e
join building as b using (building_id)
join community as c using (community_code)
where e.standing <> '投用'
