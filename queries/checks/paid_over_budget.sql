/*
id = "paid_over_budget"
name = "旧改支付超过总投资"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改项目台账的计划总投资与旧改资金台账的支付；确有追加的请改计划总投资。"
*/
select
    p.project_id as entity_id,
    p.project_name || '累计支付' || format('{:,.1f}', sum(i.paid_yuan) / 10000) || '万元，多于计划总投资'
        || format('{:,.1f}', p.budget_yuan / 10000) || '万元。' as message
from investment as i
join renovation_project as p using (project_id)
group by p.project_id, p.project_name, p.budget_yuan
having sum(i.paid_yuan) > p.budget_yuan
