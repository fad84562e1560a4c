/*
id = "opinions_open_overdue"
name = "逾期未办结民情"
short = "逾期未办结"
group = "治 共治"
kind = "total"
window = "as-of"
level = "community"
unit = "项"
one_row = "一项月末未办结的社情民意"
entities = ["opinion"]
numerator = "月末已到期仍未办结的事项"
direction = "down"
target = 0
target_source = "本系统默认值：不应有逾期未办结的事项"
cadence = "每月"
source = "由民情台账的应办结日期与办结日期计"
mark = "own"
caveat = "未到期的在办事项列出但不计。"
moves = { came = "新收且已逾期", left = "办结", gained = "新逾期", lost = "办结" }

[params]
least_workdays = 0

[[variants]]
id = "month_late"
name = "逾期满20个工作日"
params = { least_workdays = 20 }
*/
with open_item as (
    select
        o.*,
        c.street_code,
        is_overdue(o.due_on, o.closed_on, $as_of) as is_late,
        today.worked_days - due.worked_days as late_workdays
    from opinion as o
    join community as c using (community_code)
    left join working_day as due on due.day = o.due_on
    left join working_day as today on today.day = $as_of
    where o.received_on <= $as_of and coalesce(o.closed_on > $as_of, true)
)
select
    opinion_id as entity_id,
    category || '（' || due_on || '到期）' as entity_name,
    street_code,
    community_code,
    (is_late and late_workdays >= $least_workdays)::integer as numerator,
    null::integer as denominator,
    case
        when not is_late then '在办，未到期'
        when late_workdays < $least_workdays then overdue_workdays_words(due_on, $as_of, late_workdays)
    end as reason
from open_item
