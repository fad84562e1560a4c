/*
id = "opinion_closing_days"
name = "民情办结用时中位数"
short = "办结日历天数"
group = "治 共治"
kind = "quantile"
window = "year-to-date"
level = "community"
unit = "天"
one_row = "一项本年办结的社情民意"
entities = ["opinion"]
numerator = "半数事项从收到到办结不超过的天数"
direction = "down"
fewest = 10
cadence = "每月"
source = "由民情台账的收到日期与办结日期计（日历日）"
mark = "own"
caveat = "只含已办结事项；久拖未办的不在内，要与逾期未办结一起看。"
moves = { came = "新办结", left = "上年的不再计" }

[params]
quantile = 0.5

[[variants]]
id = "p90"
name = "九成事项办结所需天数"
params = { quantile = 0.9 }

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
    o.closed_on - o.received_on as numerator,
    1 as denominator
from opinion as o
join community as c using (community_code)
where o.closed_on between $window_start and $as_of
