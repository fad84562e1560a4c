/*
id = "grid_posts_filled"
name = "网格岗位到岗率"
short = "岗位到岗率"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "月末有人在岗的应设岗位"
denominator = "月末在册网格的应设岗位"
numerator_unit = "岗"
denominator_unit = "岗"
direction = "up"
fewest = 5
lack = "有岗位空缺"
none = "各网格岗位都有人在岗"
target = 98
amber = 95
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "应设岗位以岗位字典的“是否应设”一列为准"
mark = "?"
caveat = "配齐率看有几个网格一岗不缺，到岗率看缺多少岗，两者一起看。"
moves = { came = "新设", left = "撤并", counted = "到岗", gained = "补上{n}", lost = "新空缺{n}" }
splits = ["grid_roles_filled"]
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
)
select
    g.grid_id as entity_id,
    g.grid_name as entity_name,
    c.street_code,
    g.community_code,
    coalesce(filled.roles, 0) as numerator,
    (select count(*) from required) as denominator,
    case when filled.roles is null then '所有岗位空缺' end as reason
from grid_unit as g
join community as c using (community_code)
left join filled on filled.grid_id = g.grid_id
where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
