/*
id = "project_without_money"
name = "开工项目没有资金"
severity = "提示"
entity = "renovation_project"
mend = "在旧改资金台账补上该项目的资金，或核对项目编号。"
*/
select
    p.project_id as entity_id,
    p.project_name || '已于' || s.actual_on || '开工，资金台账却没有它的记录。' as message
from renovation_stage as s
join renovation_step as k using (stage)
join renovation_project as p using (project_id)
where
    k.milestone = '开工'
    and s.actual_on is not null
    and p.project_id not in (select project_id from investment)
