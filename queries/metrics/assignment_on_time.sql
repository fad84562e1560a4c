/*
id = "assignment_on_time"
name = "交办事项按期完成率"
short = "交办按期率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "street"
unit = "%"
scale = 100
one_row = "会议交办、本年到期的一个事项"
entities = ["assignment"]
numerator = "按期（不晚于应完成日期）完成的事项"
denominator = "本年到月末到期的交办事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "没有按期完成"
none = "到期的交办事项都按期完成"
cadence = "每月"
source = "由交办台账的应完成日期与完成日期计"
mark = "own"
caveat = "到期后才完成的不算按期；提前完成的到期时才计。"
final = true
restarts = true
moves = { came = "新到期", counted = "按期完成", gained = "按期完成", left = "上年的不再计" }
*/
select
    assignment_id as entity_id,
    title || '（' || unit || '）' as entity_name,
    street_code,
    community_code,
    (not is_overdue(due_on, done_on, due_on))::integer as numerator,
    1 as denominator,
    case
        when done_on <= due_on then null
        when done_on <= $as_of then late_words(due_on, done_on) || '完成'
        else '到月末没有完成，' || overdue_words(due_on, $as_of)
    end as reason
from assignment
where due_on between $window_start and $as_of
