/*
id = "works_started_households"
name = "当年改造计划开工率（户）"
short = "开工率（户）"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个当年计划内的改造项目"
entities = ["renovation_project"]
needs = ["renovation_stage"]
numerator = "月末已开工项目的户数"
denominator = "当年计划内项目的户数"
numerator_unit = "户"
denominator_unit = "户"
direction = "none"
fewest = 30
restarts = true
lack = "还没有开工"
none = "各项目都已开工"
cadence = "每月"
source = "住房和城乡建设部每月通报的做法：小区与户数并列"
mark = "V"
caveat = "大项目先动时，按户的比率会高于按项目的比率。"
moves = { came = "新立项", counted = "开工", gained = "开工", left = "上年的不再计" }

[params]
years_back = 0

[[variants]]
id = "all_years"
name = "历年计划一并计"
params = { years_back = 100 }
*/
-- renovation_milestone：见 queries/schema/10_renewal.sql
select
    project_id as entity_id,
    project_name as entity_name,
    street_code,
    community_code,
    case when is_reached then households else 0 end as numerator,
    households as denominator,
    reason
from renovation_milestone($as_of, '开工')
where plan_year between year($as_of) - $years_back and year($as_of)
