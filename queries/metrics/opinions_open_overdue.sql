/*
id = "opinions_open_overdue"
name = "超期未办结民情"
short = "超期未办结"
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
target_source = "本系统默认值：不应有超期未办结的事项"
cadence = "每月"
source = "由民情台账的应办结日期与办结日期计"
mark = "own"
caveat = "未到期的在办事项列出但不计。"
moves = { came = "新收且已超期", left = "办结", gained = "新超期", lost = "办结" }

[params]
least_days = 0

[[variants]]
id = "month_late"
name = "超期满30天"
params = { least_days = 30 }
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.due_on || '到期）' as entity_name,
    c.street_code,
    o.community_code,
    is_overdue(o.due_on + $least_days, o.closed_on, $as_of)::integer as numerator,
    null::integer as denominator,
    case
        when not is_overdue(o.due_on, o.closed_on, $as_of) then '在办，未到期'
        when not is_overdue(o.due_on + $least_days, o.closed_on, $as_of)
            then overdue_words(o.due_on, $as_of)
    end as reason
from opinion as o
join community as c using (community_code)
where o.received_on <= $as_of and coalesce(o.closed_on > $as_of, true)
