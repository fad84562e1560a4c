/*
id = "assignments_issued"
name = "会议交办事项"
short = "交办事项"
group = "治 共治"
kind = "total"
window = "year-to-date"
level = "street"
unit = "项"
one_row = "会议交办的一个事项"
entities = ["assignment"]
numerator = "本年到月末交办的事项"
direction = "none"
cadence = "每月"
source = "由交办台账的交办日期计"
mark = "own"
caveat = "全区的事项不归任何街道。一项算一项，不分大小。"
restarts = true
moves = { came = "新交办", left = "上年的不再计" }
*/
select
    assignment_id as entity_id,
    title || '（' || unit || '）' as entity_name,
    street_code,
    community_code,
    1 as numerator,
    null as denominator
from assignment
where issued_on between $window_start and $as_of
