/*
id = "paid_before_works"
name = "未开工已支付"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改资金台账的支付月份与旧改阶段台账的开工日期；预付款请注明。"
*/
with works as (
    select s.project_id, s.actual_on
    from renovation_stage as s
    join renovation_step as k using (stage)
    where k.milestone = '开工'
),
first_paid as (
    select project_id, min(month) as month
    from investment
    where paid_yuan > 0
    group by project_id
)
select
    p.project_id as entity_id,
    p.project_name || strftime(f.month, '%Y-%m') || '已支付，'
        || coalesce(w.actual_on || '才开工。', '至今没有开工。') as message
from first_paid as f
join renovation_project as p using (project_id)
left join works as w using (project_id)
where coalesce(f.month < date_trunc('month', w.actual_on), true)
