/*
id = "renovation_done_rate"
name = "老旧小区改造累计完工率（户）"
short = "累计完工率"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个计划年度不晚于本年的改造项目"
entities = ["renovation_project"]
numerator = "月末已完工项目的户数"
denominator = "历年计划到本年的项目的户数"
numerator_unit = "户"
denominator_unit = "户"
direction = "none"
cadence = "每月"
source = "由旧改项目台账与阶段台账计；住房和城乡建设部通报的是当年计划，另列"
mark = "own"
caveat = "每年1月新计划并入分母时必降。"
splits = ["works_finished_households"]
*/
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    case when s.actual_on <= $as_of then p.households else 0 end as numerator,
    p.households as denominator,
    case
        when coalesce(s.actual_on > $as_of, true)
            then '未完工' || coalesce('，计划' || s.planned_on, '')
    end as reason
from renovation_project as p
join community as c using (community_code)
left join renovation_step as k on k.milestone = '完工'
left join renovation_stage as s on s.project_id = p.project_id and s.stage = k.stage
where p.plan_year <= year($as_of)
