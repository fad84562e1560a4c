/*
id = "opinion_quick_close"
name = "民情当日办结占比"
short = "当日办结占比"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年办结的社情民意"
entities = ["opinion"]
numerator = "受理当天就办结的事项"
denominator = "本年到月末办结的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "none"
fewest = 10
lack = "不是当日办结"
none = "办结的民情都是当日办结"
cadence = "每月"
source = "本系统自定：由民情台账的受理日期与办结日期计"
mark = "own"
caveat = "不作达标评价：占比突然升高，先看是不是只在台账上办结。"
moves = { came = "新办结", counted = "当日办结", gained = "当日办结", left = "上年的不再计" }

[[variants]]
id = "month"
name = "只看本月办结"
window = "month"
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.closed_on || '办结）' as entity_name,
    c.street_code,
    o.community_code,
    (o.closed_on = o.received_on)::integer as numerator,
    1 as denominator,
    case when o.closed_on > o.received_on then '用' || (o.closed_on - o.received_on) || '天' end as reason
from opinion as o
join community as c using (community_code)
where o.closed_on between $window_start and $as_of
