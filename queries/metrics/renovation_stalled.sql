/*
id = "renovation_stalled"
name = "停滞的改造项目"
short = "停滞项目"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一个已申报、未走完全部阶段的改造项目"
entities = ["renovation_project"]
needs = ["renovation_stage"]
numerator = "在当前阶段停留时间超过九成同类项目所用时间的项目"
direction = "down"
target = 0
target_source = "本系统默认值：有停滞就该有说法"
cadence = "每月"
source = "同类别其他项目从到达本阶段到进入下一阶段的用时，取九成分位作为界限；还停在本阶段的按截尾计入（Kaplan–Meier），与完工预测同一方法"
mark = "own"
caveat = "同类别走完该阶段的项目不足下限个数时，改用全部类别；仍不足，或还停着的太多、到不了九成，则定不出界限，不判。先后颠倒的阶段不计入界限。"
moves = { came = "新停滞", left = "走完", gained = "项目新停滞", lost = "项目恢复推进" }

[params]
share = 0.9
fewest = 5

[[variants]]
id = "strict"
name = "界限取八成"
params = { share = 0.8 }
*/
-- renovation_waiting：见 queries/schema/10_renewal.sql
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    w.is_stalled::integer as numerator,
    null::integer as denominator,
    case
        when w.cohort_size is null then '走完本阶段的项目太少，不判'
        when w.usual_days is null then '停在本阶段的项目太多，定不出界限，不判'
        when not w.is_stalled then '停留' || w.waited_days || '天，界限' || w.usual_days || '天'
    end as reason
from renovation_waiting($as_of, $share, $fewest) as w
join renovation_project as p using (project_id)
join community as c using (community_code)
where not w.is_over
