/*
id = "opinion_closing_rate"
name = "民情办结率"
short = "办结率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年到期的社情民意"
entities = ["opinion"]
numerator = "截至月末已办结的到期事项"
denominator = "年初至月末到期、应办结的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "到期没有办结"
none = "到期的民情都已办结"
target = 95
amber = 90
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "按到期批次计（不按收件日），免得新收未到期的事项拉低比率"
mark = "own"
caveat = "逾期后才办结的也算办结；按时与否看按时办结率。年初分母小，波动大。"
moves = { came = "新到期", counted = "已办结", gained = "办结", left = "上年的不再计" }
splits = ["opinion_on_time_rate", "opinion_local_rate", "opinion_closing_days"]

[params]
cohort = "due"

[[variants]]
id = "month"
name = "只看本月到期"
window = "month"

[[variants]]
id = "received"
name = "按收件日计"
params = { cohort = "received" }
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.due_on || '到期）' as entity_name,
    c.street_code,
    o.community_code,
    coalesce(o.closed_on <= $as_of, false)::integer as numerator,
    1 as denominator,
    case when coalesce(o.closed_on > $as_of, true) then '月末未办结' end as reason
from opinion as o
join community as c using (community_code)
where
    case $cohort when 'due' then o.due_on else o.received_on end between $window_start and $as_of
    and o.received_on <= $as_of
