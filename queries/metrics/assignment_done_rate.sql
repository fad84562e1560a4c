/*
id = "assignment_done_rate"
name = "交办事项完成率"
short = "交办完成率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "street"
unit = "%"
scale = 100
one_row = "会议交办的一个事项"
entities = ["assignment"]
numerator = "月末已完成的事项"
denominator = "本年到月末交办的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "月末没有完成"
none = "交办的事项都已完成"
cadence = "每月"
source = "由交办台账的交办日期与完成日期计"
mark = "own"
caveat = "未到应完成日期的也在分母里；全区的事项不归任何街道。"
restarts = true
moves = { came = "新交办", counted = "完成", gained = "完成", left = "上年的不再计" }
*/
select
    assignment_id as entity_id,
    title || '（' || unit || '）' as entity_name,
    street_code,
    community_code,
    coalesce(done_on <= $as_of, false)::integer as numerator,
    1 as denominator,
    case
        when coalesce(done_on <= $as_of, false) then null
        when is_overdue(due_on, done_on, $as_of) then overdue_words(due_on, $as_of)
        else '在办，未到期'
    end as reason
from assignment
where issued_on between $window_start and $as_of
