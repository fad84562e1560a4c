/*
id = "milestones_on_time"
name = "改造里程碑按期率"
short = "里程碑按期"
group = "智 更新"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一个项目的一个节点（阶段）"
entities = ["renovation_stage"]
numerator = "按期完成的到期节点"
denominator = "本年到月末的到期节点"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有按期完成"
none = "各节点都按期完成"
target = 80
amber = 75
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "计入本年的日期：按期完成的为计划日期（提前完成的不提前计），宽限期内完成的为完成之日，其余为宽限期满之日"
mark = "own"
caveat = "到期节点指计划日期已到、月末已完成或已超过宽限期的阶段，在宽限期内完成的算按期；还在宽限期内、尚未完成的不计，年底的转入下年。宽限天数可以另定，计划日期改动会改变本数。"
final = true
moves = { came = "新到期", counted = "按期完成", gained = "按期完成", left = "上年的不再计" }

[params]
grace_days = 15

[[variants]]
id = "strict"
name = "不给宽限"
params = { grace_days = 0 }

[[variants]]
id = "month_late"
name = "宽限一个月"
params = { grace_days = 30 }
*/
-- least and greatest pass over a missing date: a stage not yet reached is decided when its grace
-- runs out.
with decided as (
    select
        *,
        greatest(planned_on, least(actual_on, planned_on + $grace_days)) as decided_on
    from renovation_stage
)
select
    p.project_id || '·' || s.stage as entity_id,
    p.project_name || '·' || s.stage as entity_name,
    c.street_code,
    p.community_code,
    (not is_overdue(s.planned_on + $grace_days, s.actual_on, s.decided_on))::integer as numerator,
    1 as denominator,
    case
        when is_overdue(s.planned_on + $grace_days, s.actual_on, $as_of)
            then '到月末未到达，' || overdue_words(s.planned_on, $as_of)
        when s.actual_on > s.planned_on + $grace_days
            then late_words(s.planned_on, s.actual_on)
    end as reason
from decided as s
join renovation_project as p using (project_id)
join community as c using (community_code)
where s.decided_on between $window_start and $as_of
