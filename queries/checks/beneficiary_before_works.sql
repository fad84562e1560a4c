/*
id = "beneficiary_before_works"
name = "未开工已核定受益"
severity = "警告"
entity = "beneficiary"
mend = "核对旧改受益台账的核定日期与旧改阶段台账的开工日期。"
*/
with works as (
    select s.project_id, s.actual_on
    from renovation_stage as s
    join renovation_step as k using (stage)
    where k.milestone = '开工'
)
select
    b.project_id as entity_id,
    p.project_name || '于' || b.confirmed_on || '核定受益，'
        || coalesce('而' || w.actual_on || '才开工。', '而至今没有开工。') as message
from beneficiary as b
join renovation_project as p using (project_id)
left join works as w using (project_id)
where coalesce(b.confirmed_on < w.actual_on, true)
