/*
id = "elevator_without_consent"
name = "同意不够已审批的加装电梯"
severity = "警告"
entity = "elevator"
mend = "核对加梯征询台账的最近计票；人数、面积未达到当时表决规则的不应审批、开工。"
*/
select
    e.elevator_id as entity_id,
    e.elevator_name || '于' || e.approved_on || '审批时同意' || s.agreed_households || '户、'
        || format('{:,.1f}', s.agreed_m2) || '平方米，'
        || coalesce(
            '还差' || s.short_households || '户、' || format('{:,.1f}', s.short_m2) || '平方米。',
            '当日没有施行中的表决规则。'
        ) as message
from elevator as e, lateral (
    select * from elevator_standing(e.approved_on) as standing
    where standing.elevator_id = e.elevator_id
) as s
where e.approved_on is not null and not s.has_consent
