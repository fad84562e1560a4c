/*
id = "action_on_time"
name = "六大行动任务按期率"
short = "行动按期率"
group = "帜 组织"
kind = "ratio"
window = "year-to-date"
level = "district"
unit = "%"
scale = 100
one_row = "六大行动的一个任务节点"
entities = ["action_task"]
numerator = "计划日期前完成的任务"
denominator = "本年到月末到期的任务"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 5
lack = "没有按期完成"
none = "各项任务都按期完成"
cadence = "每月"
source = "本系统自定：按计划完成日期计入当年，提前完成的不提前计"
mark = "own"
caveat = "一项任务算一项，不分轻重；到期后才完成的不算按期。行动名称来自公开报道，任务由台账登记。"
final = true
restarts = true
moves = { came = "新到期", counted = "按期完成", gained = "按期完成", left = "上年的不再计" }
*/
select
    task_id as entity_id,
    action || '·' || title as entity_name,
    null::varchar as street_code,
    null::varchar as community_code,
    (not is_overdue(planned_on, done_on, planned_on))::integer as numerator,
    1 as denominator,
    case
        when done_on <= planned_on then null
        when done_on <= $as_of then late_words(planned_on, done_on) || '完成'
        else '到月末没有完成，' || overdue_words(planned_on, $as_of)
    end as reason
from action_task
where planned_on between $window_start and $as_of
