/*
id = "time_bank_hours"
name = "时间银行存入时数"
short = "时间银行"
group = "智 服务"
kind = "total"
window = "year-to-date"
level = "community"
unit = "小时"
one_row = "一处阵地一个月的时间银行"
entities = ["carrier_month"]
numerator = "本年到月末存入的志愿服务小时"
direction = "none"
cadence = "每月"
source = "公开报道：搭建幸福食堂、积分超市、时间银行等载体"
mark = "V"
caveat = "按阵地汇总，不记是谁存的；街道级阵地的计在街道，不分到社区。"
moves = { came = "本年新增", left = "上年的不再计" }

[params]
is_used = false

[[variants]]
id = "used"
name = "支取的小时"
params = { is_used = true }
*/
select
    m.station_id || '·' || m.carrier || '·' || strftime(m.month, '%Y-%m') as entity_id,
    s.station_name || '时间银行（' || strftime(m.month, '%Y-%m') || '）' as entity_name,
    s.street_code,
    s.community_code,
    case when $is_used then m.used else m.earned end as numerator,
    null::integer as denominator
from carrier_month as m
join station as s using (station_id)
where m.carrier = '时间银行' and m.month between $window_start and $as_of
