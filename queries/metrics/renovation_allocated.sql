/*
id = "renovation_allocated"
name = "老旧小区改造累计下达"
short = "改造下达"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "元"
one_row = "一个项目一个月一种来源的一笔资金"
entities = ["investment"]
numerator = "到月末累计已下达的改造资金"
direction = "none"
cadence = "每月"
source = "由旧改资金台账的“下达”计"
mark = "own"
caveat = "公开的投资数常不说明是计划、下达还是已支付，故三者并列。"
moves = { came = "新下达", gained = "新下达{n}", lost = "收回{n}" }
*/
select
    i.entry_id as entity_id,
    p.project_name || ' ' || strftime(i.month, '%Y-%m') || ' ' || i.source as entity_name,
    c.street_code,
    p.community_code,
    i.allocated_yuan as numerator,
    null::bigint as denominator,
    case when i.allocated_yuan = 0 then '当月未下达' end as reason
from investment as i
join renovation_project as p using (project_id)
join community as c using (community_code)
where i.month <= $as_of
