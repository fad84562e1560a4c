/*
id = "grid_households_staffed"
name = "岗位配齐网格户数占比"
short = "配齐网格户数"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "月末应设岗位全部到岗的网格的户数"
denominator = "月末在册网格的户数"
numerator_unit = "户"
denominator_unit = "户"
direction = "up"
fewest = 300
lack = "岗位没有配齐"
none = "各网格岗位都已配齐"
cadence = "每月"
source = "本系统自定：与“一长六员”配齐率同一口径，按户数加权"
mark = "own"
caveat = "看多少户家门口的网格岗位不缺；户数按网格台账现有数计。"
moves = { came = "新设网格{n}", left = "撤并网格{n}", counted = "岗位配齐{n}", gained = "岗位补齐{n}", lost = "岗位新缺{n}" }
splits = ["grid_posts_filled"]

[params]
only_leader = false

[[variants]]
id = "leader"
name = "只看网格长"
params = { only_leader = true }
*/
-- grid_vacancies：见 queries/schema/02_places.sql
with wanted as (
    select role_id from grid_role where case when $only_leader then is_leader else is_required end
),
vacant as (
    select
        v.grid_id,
        count(*) as posts,
        string_agg(v.role_name, '、' order by v.role_id) as names
    from grid_vacancies($as_of) as v
    join wanted using (role_id)
    group by v.grid_id
    -- Of several posts that are leaders one is enough.
    having not $only_leader or count(*) = (select count(*) from grid_role where is_leader)
)
select
    g.grid_id as entity_id,
    g.grid_name as entity_name,
    c.street_code,
    g.community_code,
    case when vacant.grid_id is null then g.households else 0 end as numerator,
    g.households as denominator,
    case when vacant.grid_id is not null then '空缺' || vacant.posts || '岗：' || vacant.names end
        as reason,
    coalesce(vacant.posts, 0) as lacks
from grid_unit as g
join community as c using (community_code)
left join vacant on vacant.grid_id = g.grid_id
where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
