/*
id = "beneficiaries_counted_twice"
name = "同一小区受益居民重复计算"
severity = "警告"
entity = "neighbourhood"
mend = "同一小区先后有几个项目时，后一项目的去重人数只写新增受益的居民。"
*/
with homes as (
    select neighbourhood_id, sum(residents) as residents
    from building
    group by neighbourhood_id
)
select
    n.neighbourhood_id as entity_id,
    n.neighbourhood_name || ' ' || count(*) || '个项目去重受益合计'
        || format('{:,}', sum(b.unique_residents)::integer) || '人，登记居民' || format('{:,}', homes.residents::integer) || '人。'
        as message
from beneficiary as b
join renovation_project using (project_id)
join neighbourhood as n using (neighbourhood_id)
join homes using (neighbourhood_id)
group by n.neighbourhood_id, n.neighbourhood_name, homes.residents
having count(*) > 1 and sum(b.unique_residents) > homes.residents
