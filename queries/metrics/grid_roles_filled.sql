/*
id = "grid_roles_filled"
name = "“一长六员”配齐率"
short = "一长六员配齐"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "月末空缺的应设岗位不超过容许数的网格"
denominator = "月末仍在的网格"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
target = 90
amber = 80
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "公开报道只有“一长六员”四字，岗位名称与人数未查到，以岗位字典为准"
mark = "?"
caveat = "一人兼两岗时两岗都算到岗（台账只记岗位）。"

[params]
vacancies = 0

[[variants]]
id = "one_vacant"
name = "容许空缺一岗"
params = { vacancies = 1 }
*/
with required as (
    select role_id from grid_role where is_required
),
filled as (
    select p.grid_id, count(distinct p.role_id) as roles
    from grid_post as p
    join required using (role_id)
    where p.filled_on <= $as_of and coalesce(p.vacated_on > $as_of, true)
    group by p.grid_id
),
vacant as (
    select
        g.grid_id,
        g.grid_name,
        c.street_code,
        g.community_code,
        (select count(*) from required) - coalesce(filled.roles, 0) as roles
    from grid_unit as g
    join community as c using (community_code)
    left join filled on filled.grid_id = g.grid_id
    where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
)
select
    grid_id as entity_id,
    grid_name as entity_name,
    street_code,
    community_code,
    (roles <= $vacancies)::integer as numerator,
    1 as denominator,
    case when roles > $vacancies then '空缺' || roles || '岗' end as reason
from vacant
