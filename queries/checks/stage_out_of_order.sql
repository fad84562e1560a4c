/*
id = "stage_out_of_order"
name = "旧改阶段先后颠倒"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改阶段台账的实际日期：后一阶段不应早于前一阶段，也不应跳过前一阶段。"
*/
with steps as (
    select
        project_id,
        stage,
        actual_on,
        lag(stage) over project_steps as before_stage,
        lag(actual_on) over project_steps as before_on,
        lag(project_id) over project_steps is not null as has_before
    from renovation_stage
    join renovation_step using (stage)
    window project_steps as (partition by project_id order by position)
)
select
    p.project_id as entity_id,
    p.project_name || s.stage || '（' || s.actual_on || '）'
        || case
            when s.before_on is null then '之前没有' || s.before_stage || '日期。'
            else '早于' || s.before_stage || '（' || s.before_on || '）。'
        end as message
from steps as s
join renovation_project as p using (project_id)
where
    s.has_before
    and s.actual_on is not null
    and (s.before_on is null or s.actual_on < s.before_on)
