/*
id = "grid_no_centre"
name = "没有党员中心户的网格占比"
short = "无中心户"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "月末各楼栋都没有党员中心户的网格（或其户数）"
denominator = "月末在册、有楼栋的网格（或其户数）"
numerator_unit = "个"
denominator_unit = "个"
direction = "down"
fewest = 5
lack = "没有党员中心户"
none = "各网格都有党员中心户"
cadence = "每月"
source = "本系统自定：楼栋骨干台账按楼栋所属网格归集"
mark = "own"
caveat = "不看每栋是否都有，只看整个网格一家都没有的。楼栋按台账现在的所属网格归集，已撤并、名下没有楼栋的网格不计。"
moves = { came = "新设", left = "撤并", counted = "无中心户", gained = "网格转为无中心户", lost = "网格有了党员中心户" }

[params]
weight = "grid"

[[variants]]
id = "households"
name = "按户数加权"
params = { weight = "household" }
*/
-- grid_core：见 queries/schema/02_places.sql
with weighed as (
    select
        g.grid_id,
        g.grid_name,
        c.street_code,
        g.community_code,
        core.centres = 0 as is_lacking,
        case $weight when 'grid' then 1 else g.households end as denominator,
        core.leaders,
        core.centres
    from grid_core($as_of) as core
    join grid_unit as g using (grid_id)
    join community as c on c.community_code = g.community_code
)
select
    grid_id as entity_id,
    grid_name as entity_name,
    street_code,
    community_code,
    case when is_lacking then denominator else 0 end as numerator,
    denominator,
    case
        when not is_lacking then '楼栋党小组长' || leaders || '名、党员中心户' || centres || '家'
    end as reason
from weighed
