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
numerator = "月末应设岗位全部到岗的网格"
denominator = "月末在册的网格"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "“一长六员”没有配齐"
none = "各网格“一长六员”都已配齐"
target = 90
amber = 85
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "公开报道只有“一长六员”四字，岗位名称与人数未查到，以岗位字典为准"
mark = "?"
caveat = "应设岗位一个不缺才算配齐；一人兼两岗时两岗都算到岗（台账只记岗位）。"
moves = { came = "新设", left = "撤并", counted = "配齐", gained = "网格补齐岗位", lost = "网格新缺岗位" }

[params]
vacancies = 0

[[variants]]
id = "one_vacant"
name = "容许空缺一岗"
params = { vacancies = 1 }
*/
with required as (
    select role_id, role_name from grid_role where is_required
),
held as (
    select distinct p.grid_id, p.role_id
    from grid_post as p
    where p.filled_on <= $as_of and coalesce(p.vacated_on > $as_of, true)
),
vacant as (
    select
        g.grid_id,
        g.grid_name,
        c.street_code,
        g.community_code,
        count(r.role_id) filter (held.role_id is null) as roles,
        string_agg(r.role_name, '、' order by r.role_id) filter (held.role_id is null) as names
    from grid_unit as g
    join community as c using (community_code)
    left join required as r on true
    left join held on held.grid_id = g.grid_id and held.role_id = r.role_id
    where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
    group by g.grid_id, g.grid_name, c.street_code, g.community_code
)
select
    grid_id as entity_id,
    grid_name as entity_name,
    street_code,
    community_code,
    (roles <= $vacancies)::integer as numerator,
    1 as denominator,
    case when roles > $vacancies then '空缺' || roles || '岗：' || names end as reason,
    roles as lacks
from vacant
