/*
id = "renovation_stalled"
name = "停滞的改造项目"
short = "停滞项目"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一个已申报、未移交的改造项目"
entities = ["renovation_project"]
numerator = "在当前阶段停留超过同类项目九成用时的项目"
direction = "down"
target = 0
target_source = "本系统默认值：有停滞就该有说法"
cadence = "每月"
source = "同一阶段（从上一阶段完成到下一阶段完成）已走完项目的用时，取九成分位作为界限"
mark = "own"
caveat = "走完同一阶段的项目不足下限个数时不判停滞；界限随台账变化。"

[params]
share = 0.9
fewest = 5

[[variants]]
id = "strict"
name = "界限取八成"
params = { share = 0.8 }
*/
with passed as (
    select
        project_id,
        list_position(['申报', '联审', '设计', '招标', '开工', '完工', '验收', '移交'], stage) as step,
        actual_on
    from renovation_stage
    where actual_on <= $as_of
),
legs as (
    select
        project_id,
        step,
        actual_on,
        lead(step) over project_steps as next_step,
        lead(actual_on) over project_steps as next_on
    from passed
    window project_steps as (partition by project_id order by step)
),
usual as (
    select step, quantile_cont(next_on - actual_on, $share) as days
    from legs
    where next_step = step + 1
    group by step
    having count(*) >= $fewest
),
waiting as (
    select project_id, step, $as_of - actual_on as days
    from legs
    where next_step is null and step < 8
)
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    coalesce(w.days > u.days, false)::integer as numerator,
    null::integer as denominator,
    case
        when u.days is null then '同类项目太少，不判'
        when w.days <= u.days then '停留' || w.days || '天，界限' || ceil(u.days)::integer || '天'
    end as reason
from waiting as w
join renovation_project as p using (project_id)
join community as c using (community_code)
left join usual as u using (step)
