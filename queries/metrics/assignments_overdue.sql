/*
id = "assignments_overdue"
name = "逾期未完成的交办事项"
short = "交办逾期"
group = "治 共治"
kind = "total"
window = "as-of"
level = "street"
unit = "项"
one_row = "会议交办、月末没有完成的一个事项"
entities = ["assignment"]
numerator = "月末已到期仍未完成的事项"
direction = "down"
cadence = "每月"
source = "由交办台账的应完成日期与完成日期计"
mark = "own"
caveat = "未到期的在办事项列出但不计；历年交办的都在内，全区的事项不归任何街道。"
moves = { came = "新交办且已逾期", left = "完成", gained = "新逾期", lost = "完成" }
*/
select
    assignment_id as entity_id,
    title || '（' || unit || '）' as entity_name,
    street_code,
    community_code,
    is_overdue(due_on, done_on, $as_of)::integer as numerator,
    null::integer as denominator,
    case when not is_overdue(due_on, done_on, $as_of) then '在办，未到期' end as reason
from assignment
where issued_on <= $as_of and coalesce(done_on > $as_of, true)
