/*
id = "project_households_over"
name = "旧改户数多于小区户数"
severity = "提示"
entity = "renovation_project"
mend = "核对旧改项目台账的户数与楼栋台账的户数合计。"

[params]
share = 0.05
*/
with homes as (
    select neighbourhood_id, sum(households) as households
    from building
    group by neighbourhood_id
)
select
    p.project_id as entity_id,
    p.project_name || ' ' || format('{:,}', p.households) || '户，所在小区登记'
        || format('{:,}', homes.households::integer)
        || '户。' as message
from renovation_project as p
join homes using (neighbourhood_id)
where p.households > homes.households * (1 + $share)
