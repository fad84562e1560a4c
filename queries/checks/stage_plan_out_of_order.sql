/*
id = "stage_plan_out_of_order"
name = "旧改阶段计划先后颠倒"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改阶段台账的计划日期：后一阶段不应早于前一阶段。"
*/
with steps as (
    select
        project_id,
        stage,
        planned_on,
        lag(stage) over project_steps as before_stage,
        lag(planned_on) over project_steps as before_on
    from renovation_stage
    join renovation_step using (stage)
    window project_steps as (partition by project_id order by position)
)
select
    p.project_id as entity_id,
    p.project_name || '计划' || s.stage || '（' || s.planned_on || '）早于计划' || s.before_stage
        || '（' || s.before_on || '）。' as message
from steps as s
join renovation_project as p using (project_id)
where s.planned_on < s.before_on
