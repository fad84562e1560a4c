/*
id = "stage_in_future"
name = "旧改实际日期晚于本版本最后一月"
severity = "提示"
entity = "renovation_stage"
mend = "核对旧改阶段台账的实际日期：未到的日期请填计划日期，实际日期留空。"
*/
select
    s.project_id || '·' || s.stage as entity_id,
    p.project_name || s.stage || '的实际日期' || s.actual_on || '晚于'
        || (select max(month_end) from month) || '。' as message
from renovation_stage as s
join renovation_project as p using (project_id)
where s.actual_on > (select max(month_end) from month)
