/*
id = "budget_paid_rate"
name = "改造总投资支付率"
short = "总投资支付率"
group = "智 更新"
kind = "ratio"
window = "cumulative"
level = "community"
unit = "%"
scale = 100
one_row = "一个老旧小区改造项目"
entities = ["renovation_project"]
numerator = "项目到月末累计已支付的资金"
denominator = "项目的计划总投资"
numerator_unit = "元"
denominator_unit = "元"
direction = "none"
restarts = true
fewest = 1
lack = "资金没有付清"
none = "各项目资金都已付清"
cadence = "每月"
source = "投资完成率须写明依据：这里以支付为分子、计划总投资为分母"
mark = "own"
caveat = "新项目开始时必低，不作达标评价。"
moves = { came = "新立项", counted = "已支付", gained = "原有项目新支付{n}", lost = "退回{n}" }
*/
with paid as (
    select project_id, sum(paid_yuan) as yuan
    from investment
    where month <= $as_of
    group by project_id
)
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    coalesce(paid.yuan, 0) as numerator,
    p.budget_yuan as denominator,
    case when coalesce(paid.yuan, 0) = 0 then '尚未支付' end as reason
from renovation_project as p
join community as c using (community_code)
left join paid using (project_id)
where p.plan_year <= year($as_of)
