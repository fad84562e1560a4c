/*
id = "opinion_on_time_rate"
name = "民情按时办结率"
short = "按时办结率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年到期的社情民意"
entities = ["opinion"]
numerator = "按时（不晚于应办结日期）办结的到期事项"
denominator = "本年到月末到期应办结的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "没有按时办结"
none = "到期的民情都按时办结"
target = 90
amber = 85
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "按到期批次计；应办结日期以台账为准（已按工作日算好）"
mark = "own"
caveat = "应办结日期若登记有误，此率随之有误。"
final = true
moves = { came = "新到期", counted = "按时办结", gained = "按时办结", left = "上年的不再计" }

[[variants]]
id = "month"
name = "只看本月到期"
window = "month"
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.due_on || '到期）' as entity_name,
    c.street_code,
    o.community_code,
    coalesce(o.closed_on <= o.due_on, false)::integer as numerator,
    1 as denominator,
    case
        when is_overdue(o.due_on, o.closed_on, $as_of) then '月末未办结'
        when o.closed_on > o.due_on then overdue_workdays_words(o.due_on, o.closed_on, closed.worked_days - due.worked_days) || '办结'
    end as reason
from opinion as o
join community as c using (community_code)
left join working_day as due on due.day = o.due_on
left join working_day as closed on closed.day = o.closed_on
where o.due_on between $window_start and $as_of
