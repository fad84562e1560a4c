/*
id = "renovation_idle"
name = "已下达未支付的改造资金"
short = "未支付资金"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "元"
one_row = "一个有资金下达的改造项目"
entities = ["renovation_project"]
numerator = "到月末已下达而未支付的改造资金（逐项目计算，超付的不抵减）"
direction = "down"
cadence = "每月"
source = "由旧改资金台账的下达与支付计"
mark = "own"
caveat = "在建项目按进度付款，必有余额；看长期不动的。"
moves = { came = "新列入", gained = "新增未支付{n}", lost = "付出{n}" }
*/
with money as (
    select project_id, sum(allocated_yuan) as allocated, sum(paid_yuan) as paid
    from investment
    where month <= $as_of
    group by project_id
)
select
    p.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    greatest(m.allocated - m.paid, 0) as numerator,
    null::bigint as denominator,
    case when m.allocated <= m.paid then '已全部支付' end as reason
from money as m
join renovation_project as p using (project_id)
join community as c using (community_code)
where m.allocated > 0
