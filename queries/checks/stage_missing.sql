/*
id = "stage_missing"
name = "旧改项目缺少阶段"
severity = "提示"
entity = "renovation_project"
mend = "在旧改阶段台账补上该项目缺少的阶段及其计划日期。"
*/
select
    p.project_id as entity_id,
    p.project_name || '缺少' || count(*) || '个阶段：'
        || string_agg(k.stage, '、' order by k.position) || '。' as message
from renovation_project as p
cross join renovation_step as k
left join renovation_stage as s on s.project_id = p.project_id and s.stage = k.stage
where s.stage is null
group by p.project_id, p.project_name
