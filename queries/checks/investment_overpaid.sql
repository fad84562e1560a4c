/*
id = "investment_overpaid"
name = "旧改支付超过下达"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改资金台账：同一项目累计支付不应多于累计下达。"
*/
select
    p.project_id as entity_id,
    p.project_name || '累计支付' || format('{:,.1f}', sum(i.paid_yuan) / 10000) || '万元，多于累计下达'
        || format('{:,.1f}', sum(i.allocated_yuan) / 10000) || '万元。' as message
from investment as i
join renovation_project as p using (project_id)
group by p.project_id, p.project_name
having sum(i.paid_yuan) > sum(i.allocated_yuan)
