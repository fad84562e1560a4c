/*
id = "works_started_households"
name = "老旧小区改造开工率（户）"
short = "开工率（户）"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个当年计划内的改造项目"
entities = ["renovation_project"]
numerator = "月末已开工项目的户数"
denominator = "当年计划内项目的户数"
numerator_unit = "户"
denominator_unit = "户"
direction = "none"
cadence = "每月"
source = "住房和城乡建设部每月通报的做法：小区与户数并列"
mark = "V"
caveat = "大项目先动时，按户的比率会高于按项目的比率。"

[params]
years_back = 0

[[variants]]
id = "all_years"
name = "历年计划一并计"
params = { years_back = 100 }
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
            then '未开工' || coalesce('，计划' || s.planned_on, '')
    end as reason
from renovation_project as p
join community as c using (community_code)
left join renovation_step as k on k.milestone = '开工'
left join renovation_stage as s on s.project_id = p.project_id and s.stage = k.stage
where p.plan_year between year($as_of) - $years_back and year($as_of)
