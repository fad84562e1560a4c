/*
id = "activity_attendance"
name = "活动参加人次"
short = "活动人次"
group = "智 服务"
kind = "total"
window = "month"
level = "community"
unit = "人次"
one_row = "一场活动"
entities = ["activity"]
numerator = "当月活动的参加人次"
direction = "none"
cadence = "每月"
source = "本系统自定"
mark = "own"
caveat = "同一人参加几场计几人次；各类活动规模不同，不评高低。"
moves = { came = "本期参加", left = "前期参加" }

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
    a.attendees as numerator,
    null::integer as denominator
from activity as a
where a.held_on between $window_start and $as_of
