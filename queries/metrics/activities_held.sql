/*
id = "activities_held"
name = "举办活动场次"
short = "活动场次"
group = "智 服务"
kind = "total"
window = "month"
level = "community"
unit = "场"
one_row = "一场活动"
entities = ["activity"]
numerator = "当月举办的活动"
direction = "none"
cadence = "每月"
source = "公开报道：“5点半话筒”“大树下的议事会”等系列活动"
mark = "V"
caveat = "场次多不等于群众得益多，不评高低、不排名。"
moves = { came = "本期举办", left = "前期举办" }

[[variants]]
id = "week"
name = "月末前最后一整周"
window = "week"

[[variants]]
id = "quarter"
name = "本季度累计"
window = "quarter"

[[variants]]
id = "year"
name = "本年累计"
window = "year-to-date"
*/
select
    a.activity_id as entity_id,
    a.kind || '：' || a.title || '（' || a.held_on || '）' as entity_name,
    a.street_code,
    a.community_code,
    1 as numerator,
    null::integer as denominator
from activity as a
where a.held_on between $window_start and $as_of
