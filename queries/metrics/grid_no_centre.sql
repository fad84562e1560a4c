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
-- grid_core_weighed：见 queries/schema/02_places.sql
select
    grid_id as entity_id,
    grid_name as entity_name,
    street_code,
    community_code,
    case when centres = 0 then weight else 0 end as numerator,
    weight as denominator,
    case when centres > 0 then posts end as reason
from grid_core_weighed($as_of, $weight)
