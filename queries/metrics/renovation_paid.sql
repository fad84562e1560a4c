/*
id = "renovation_paid"
name = "老旧小区改造累计支付"
short = "改造支付"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "元"
one_row = "一个项目一个月一种来源的一笔资金"
entities = ["investment"]
numerator = "到月末累计已支付的改造资金"
direction = "none"
cadence = "每月"
source = "由旧改资金台账的“支付”计"
mark = "own"
caveat = "支付进度常落后于形象进度。"
moves = { came = "新支付", gained = "新支付{n}", lost = "退回{n}" }
*/
select
    i.entry_id as entity_id,
    p.project_name || ' ' || strftime(i.month, '%Y-%m') || ' ' || i.source as entity_name,
    c.street_code,
    p.community_code,
    i.paid_yuan as numerator,
    null::bigint as denominator,
    case when i.paid_yuan = 0 then '当月未支付' end as reason
from investment as i
join renovation_project as p using (project_id)
join community as c using (community_code)
where i.month <= $as_of
