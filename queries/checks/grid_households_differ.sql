/*
id = "grid_households_differ"
name = "网格户数与楼栋户数合计不符"
severity = "警告"
entity = "grid_unit"
mend = "核对楼栋台账的所属网格与户数，或更新网格台账的户数。"

[params]
share = 0.05
fewest = 5
*/
with homes as (
    select grid_id, sum(households) as households
    from building
    group by grid_id
)
select
    g.grid_id as entity_id,
    g.grid_name || '登记' || format('{:,}', g.households) || '户，所辖楼栋合计'
        || format('{:,}', coalesce(homes.households, 0)::integer) || '户。' as message
from grid_unit as g
left join homes using (grid_id)
where
    g.merged_on is null
    and abs(g.households - coalesce(homes.households, 0)) > greatest($fewest, $share * g.households)
