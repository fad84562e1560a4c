/*
id = "budget_per_household"
name = "户均改造投资"
short = "户均投资"
group = "智 更新"
kind = "ratio"
window = "cumulative"
level = "community"
unit = "元/户"
scale = 1
one_row = "一个老旧小区改造项目"
entities = ["renovation_project"]
numerator = "项目的计划总投资"
denominator = "项目的户数"
numerator_unit = "元"
denominator_unit = "户"
direction = "none"
restarts = true
fewest = 30
cadence = "每月"
source = "由旧改项目台账计"
mark = "own"
caveat = "基础类、完善类、提升类造价不同，街道之间比较先看类别。"
moves = { came = "新立项", counted = "计划投资{n}", gained = "计划投资增加{n}", lost = "计划投资减少{n}" }
*/
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    p.budget_yuan as numerator,
    p.households as denominator
from renovation_project as p
join community as c using (community_code)
where p.plan_year <= year($as_of)
