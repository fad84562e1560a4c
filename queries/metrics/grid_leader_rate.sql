/*
id = "grid_leader_rate"
name = "网格长到岗率"
short = "网格长到岗"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "月末有网格长在岗的网格"
denominator = "月末在册的网格"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有网格长在岗"
none = "各网格都有网格长在岗"
target = 100
amber = 98
target_source = "“一长六员”制要求每格有长；本系统默认值"
cadence = "每月"
source = "公开报道：推行网格服务“一长六员”制（岗位名称未见公开文件）"
mark = "?"
caveat = "哪些岗位算“长”由岗位字典的“是否网格长”一列决定。"
moves = { came = "新设", left = "撤并", counted = "有网格长", gained = "网格补上网格长", lost = "网格新缺网格长" }
splits = ["grid_posts_filled"]
*/
with led as (
    select distinct p.grid_id
    from grid_post as p
    join grid_role as r using (role_id)
    where r.is_leader and p.filled_on <= $as_of and coalesce(p.vacated_on > $as_of, true)
)
select
    g.grid_id as entity_id,
    g.grid_name as entity_name,
    c.street_code,
    g.community_code,
    (led.grid_id is not null)::integer as numerator,
    1 as denominator,
    case when led.grid_id is null then '网格长空缺' end as reason
from grid_unit as g
join community as c using (community_code)
left join led on led.grid_id = g.grid_id
where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
