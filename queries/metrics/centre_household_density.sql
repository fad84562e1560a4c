/*
id = "centre_household_density"
name = "每千户党员中心户"
short = "中心户密度"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "家/千户"
scale = 1000
one_row = "一栋住宅楼"
entities = ["building"]
numerator = "楼内月末在册的党员中心户"
denominator = "楼内户数"
numerator_unit = "家"
denominator_unit = "户"
direction = "none"
fewest = 30
lack = "没有党员中心户"
none = "各楼栋都有党员中心户"
cadence = "每月"
source = "本系统自定"
mark = "own"
caveat = "户数为楼栋台账现状，历史月份按现有户数计。"
moves = { gained = "楼栋净增{n}", lost = "楼栋净减{n}" }
*/
with centre as (
    select building_id, count(*) as posts
    from building_post
    where kind = '党员中心户' and since_on <= $as_of and coalesce(until_on > $as_of, true)
    group by building_id
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    coalesce(centre.posts, 0) as numerator,
    b.households as denominator,
    case when centre.posts is null then '没有党员中心户' end as reason
from building as b
join community as c using (community_code)
left join centre on centre.building_id = b.building_id
