/*
id = "beneficiaries_exceed_residents"
name = "旧改受益人数多于小区居民"
severity = "警告"
entity = "beneficiary"
mend = "核对旧改受益台账的去重人数与楼栋台账的居民数；惠及周边的人数应计入累计人次。"

[params]
share = 0.1
*/
with homes as (
    select neighbourhood_id, sum(residents) as residents
    from building
    group by neighbourhood_id
)
select
    b.project_id as entity_id,
    p.project_name || '去重受益' || format('{:,}', b.unique_residents) || '人，所在小区登记居民'
        || format('{:,}', homes.residents::integer) || '人。' as message
from beneficiary as b
join renovation_project as p using (project_id)
join homes using (neighbourhood_id)
where b.unique_residents > homes.residents * (1 + $share)
