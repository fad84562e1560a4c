/*
id = "budget_per_beneficiary"
name = "人均改造投资（按去重人数）"
short = "人均投资"
group = "智 更新"
kind = "ratio"
window = "cumulative"
level = "community"
unit = "元/人"
scale = 1
one_row = "一个已确认受益的改造项目"
entities = ["renovation_project"]
numerator = "已确认受益的项目的计划总投资"
denominator = "这些项目的去重受益人数"
numerator_unit = "元"
denominator_unit = "人"
direction = "none"
fewest = 30
cadence = "每月"
source = "计划总投资÷去重受益人数"
mark = "own"
caveat = "没有确认受益的项目不在内；同一小区第二个项目只计新增的居民。"
moves = { came = "新惠及", counted = "计划投资{n}", gained = "计划投资增加{n}", lost = "计划投资减少{n}" }
*/
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    p.budget_yuan as numerator,
    b.unique_residents as denominator
from beneficiary as b
join renovation_project as p using (project_id)
join community as c using (community_code)
where b.confirmed_on <= $as_of
