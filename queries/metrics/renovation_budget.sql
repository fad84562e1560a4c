/*
id = "renovation_budget"
name = "老旧小区改造计划总投资"
short = "改造总投资"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "元"
one_row = "一个老旧小区改造项目"
entities = ["renovation_project"]
numerator = "计划年度不晚于本年的项目的计划总投资"
direction = "none"
cadence = "每月"
source = "公开报道：老旧小区改造投资"
mark = "V"
caveat = "按计划总投资计，另列累计下达、累计支付。"
moves = { came = "新立项", left = "撤项", gained = "调增{n}", lost = "调减{n}" }
splits = ["investment_paid_rate"]
*/
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    p.budget_yuan as numerator,
    null::bigint as denominator
from renovation_project as p
join community as c using (community_code)
where p.plan_year <= year($as_of)
