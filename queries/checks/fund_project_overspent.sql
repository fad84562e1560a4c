/*
id = "fund_project_overspent"
name = "基金项目支出超过计划"
severity = "警告"
entity = "fund_project"
mend = "核对社区基金项目台账的计划金额与归入该项目的支出。"
*/
select
    p.project_id as entity_id,
    p.project_name || '支出' || format('{:,}', sum(f.amount_yuan)::bigint)
        || '元，多于计划' || format('{:,}', p.planned_yuan)
        || '元。' as message
from fund_project as p
join fund_project_entry using (project_id)
join fund_entry as f using (entry_id)
where f.direction = '支出'
group by p.project_id, p.project_name, p.planned_yuan
having sum(f.amount_yuan) > p.planned_yuan
