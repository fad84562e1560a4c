/*
id = "opinion_closed_within"
name = "民情10个工作日办结率"
short = "10工作日办结率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项受理满10个工作日的社情民意"
entities = ["opinion"]
numerator = "受理后10个工作日内办结的事项"
denominator = "本年受理满10个工作日的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "10个工作日内没有办结"
none = "受理满10个工作日的都已按此办结"
cadence = "每月"
source = "本系统自定：不论类别，只看满同样天数时办结没有，各月各地可比"
mark = "own"
caveat = "在办的也在分母里；各类别的办理时限不同，按时与否看按时办结率。放假与调休上班以工作日台账为准，没有公布的年份按周末休息预估。"
moves = { came = "新受理满期", counted = "期内办结", gained = "期内办结", left = "上年的不再计" }

[params]
workdays = 10

[[variants]]
id = "five"
name = "5个工作日"
params = { workdays = 5 }

[[variants]]
id = "twenty"
name = "20个工作日"
params = { workdays = 20 }

[[variants]]
id = "month"
name = "只看本月满期"
window = "month"
*/
-- ripe.day is the last of the working days that the item was given; it counts in the window in which
-- that day lies, so that no item is asked before its days are over.
select
    o.opinion_id as entity_id,
    o.category || '（' || o.received_on || '受理）' as entity_name,
    c.street_code,
    o.community_code,
    coalesce(o.closed_on <= ripe.day, false)::integer as numerator,
    1 as denominator,
    case
        when coalesce(o.closed_on > $as_of, true) then '月末未办结'
        when o.closed_on > ripe.day then o.closed_on || '办结'
    end as reason
from opinion as o
join working_day as came on came.day = o.received_on
join working_day as ripe on ripe.worked_days = came.worked_days + $workdays and ripe.is_worked
join community as c using (community_code)
where ripe.day between $window_start and $as_of
