/*
id = "points_used"
name = "积分超市兑换积分"
short = "积分兑换"
group = "智 服务"
kind = "total"
window = "year-to-date"
level = "community"
unit = "分"
one_row = "一处阵地一个月的积分超市"
entities = ["carrier_month"]
numerator = "本年到月末兑换掉的积分"
direction = "none"
cadence = "每月"
source = "公开报道：搭建幸福食堂、积分超市、时间银行等载体"
mark = "V"
caveat = "按阵地汇总，不记是谁兑的；各社区一分值多少不一，社区之间不宜比。"
moves = { came = "本年新增", left = "上年的不再计" }

[params]
is_used = true

[[variants]]
id = "earned"
name = "存入的积分"
params = { is_used = false }
*/
select
    m.station_id || '·' || m.carrier || '·' || strftime(m.month, '%Y-%m') as entity_id,
    s.station_name || '积分超市（' || strftime(m.month, '%Y-%m') || '）' as entity_name,
    s.street_code,
    s.community_code,
    case when $is_used then m.used else m.earned end as numerator,
    null::integer as denominator
from carrier_month as m
join station as s using (station_id)
where m.carrier = '积分超市' and m.month between $window_start and $as_of
