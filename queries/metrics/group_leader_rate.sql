/*
id = "group_leader_rate"
name = "楼栋党小组长覆盖率"
short = "组长覆盖率"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
numerator = "月末有党小组长的楼栋（或其户数）"
denominator = "全部住宅楼栋（或其户数）"
numerator_unit = "栋"
denominator_unit = "栋"
direction = "none"
fewest = 5
lack = "没有党小组长"
none = "各楼栋都有党小组长"
cadence = "每月"
source = "本系统自定：报道只有人数，没有楼栋数"
mark = "own"
caveat = "并非每栋楼都应设党小组长（须有足够党员），缺党员数台账，故只列比率、不评达标。"
moves = { counted = "有党小组长", gained = "楼新配党小组长", lost = "楼不再有党小组长" }

[params]
weight = "building"

[[variants]]
id = "households"
name = "按户数加权"
params = { weight = "household" }
*/
with led as (
    select distinct building_id
    from building_post
    where kind = '楼栋党小组长' and since_on <= $as_of and coalesce(until_on > $as_of, true)
),
weighed as (
    select
        b.building_id,
        b.building_name,
        c.street_code,
        b.community_code,
        led.building_id is not null as has_leader,
        case $weight when 'building' then 1 else b.households end as denominator
    from building as b
    join community as c using (community_code)
    left join led on led.building_id = b.building_id
)
select
    building_id as entity_id,
    building_name as entity_name,
    street_code,
    community_code,
    case when has_leader then denominator else 0 end as numerator,
    denominator,
    case when not has_leader then '没有党小组长' end as reason
from weighed
