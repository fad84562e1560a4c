/*
id = "money_before_project"
name = "资金早于项目申报"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改资金台账的月份与项目编号：项目申报之前不应有下达或支付。"
*/
with first_stage as (
    select project_id, min(actual_on) as begun_on
    from renovation_stage
    group by project_id
),
first_money as (
    select project_id, min(month) as month
    from investment
    where allocated_yuan > 0 or paid_yuan > 0
    group by project_id
)
select
    p.project_id as entity_id,
    p.project_name || strftime(m.month, '%Y-%m') || '已有资金下达或支付，'
        || coalesce('而项目' || s.begun_on || '才申报。', '而项目还没有申报。') as message
from first_money as m
join renovation_project as p using (project_id)
left join first_stage as s using (project_id)
where coalesce(m.month < date_trunc('month', s.begun_on), true)
