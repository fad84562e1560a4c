/*
id = "investment_over_budget"
name = "旧改资金计划超过总投资"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改项目台账的计划总投资与旧改资金台账各月计划之和。"

[params]
share = 0.01
*/
select
    p.project_id as entity_id,
    p.project_name || '各月计划合计' || format('{:,.1f}', sum(i.planned_yuan) / 10000)
        || '万元，多于计划总投资' || format('{:,.1f}', p.budget_yuan / 10000) || '万元。' as message
from investment as i
join renovation_project as p using (project_id)
group by p.project_id, p.project_name, p.budget_yuan
having sum(i.planned_yuan) > p.budget_yuan * (1 + $share)
