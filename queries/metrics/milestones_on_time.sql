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
one_row = "一个项目的一个阶段"
entities = ["renovation_stage"]
numerator = "在计划日期当天或之前（含宽限）到达的阶段"
denominator = "本年到月末计划到达的阶段"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有按期到达"
none = "各阶段都按期到达"
target = 80
amber = 65
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "以计划日期为队列：计划本年到月末到达的阶段都在分母"
mark = "own"
caveat = "宽限天数是参数；计划日期改动会改变本数。"
final = true
moves = { came = "新到期", counted = "按期到达", gained = "按期到达", left = "上年的不再计" }

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
select
    p.project_id || '·' || s.stage as entity_id,
    p.project_name || '·' || s.stage as entity_name,
    c.street_code,
    p.community_code,
    coalesce(s.actual_on <= least(s.planned_on + $grace_days, $as_of), false)::integer as numerator,
    1 as denominator,
    case
        when coalesce(s.actual_on > $as_of, true) then '到月末未到达，计划' || s.planned_on
        when s.actual_on > s.planned_on + $grace_days
            then '晚' || (s.actual_on - s.planned_on) || '天'
    end as reason
from renovation_stage as s
join renovation_project as p using (project_id)
join community as c using (community_code)
where s.planned_on between $window_start and $as_of
