/*
id = "investment_paid_rate"
name = "改造资金支付率"
short = "资金支付率"
group = "智 更新"
kind = "ratio"
window = "cumulative"
level = "community"
unit = "%"
scale = 100
one_row = "一个项目一个月一种来源的一笔资金"
entities = ["investment"]
numerator = "到月末累计已支付的资金"
denominator = "到月末累计计划的改造资金"
numerator_unit = "元"
denominator_unit = "元"
direction = "up"
fewest = 1
lack = "没有付清"
none = "各笔资金都已付清"
target = 90
amber = 85
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "投资完成率须写明依据：这里以支付为分子、计划为分母"
mark = "own"
caveat = "分母是到月末的计划，不是全部总投资。"
moves = { came = "新增计划", counted = "已支付", gained = "新支付{n}", lost = "退回{n}" }

[params]
basis = "planned"

[[variants]]
id = "allocated"
name = "以已下达资金为分母"
params = { basis = "allocated" }
*/
select
    i.entry_id as entity_id,
    p.project_name || ' ' || strftime(i.month, '%Y-%m') || ' ' || i.source as entity_name,
    c.street_code,
    p.community_code,
    i.paid_yuan as numerator,
    case $basis when 'planned' then i.planned_yuan else i.allocated_yuan end as denominator,
    case when i.paid_yuan = 0 then '当月未支付' end as reason
from investment as i
join renovation_project as p using (project_id)
join community as c using (community_code)
where i.month <= $as_of
