/*
id = "carrier_without_function"
name = "时间银行、积分超市记在没有这一功能的阵地"
severity = "警告"
entity = "carrier_month"
mend = "核对阵地功能台账：有时间银行、积分超市记录的阵地应登记这一功能。"
*/
select
    m.station_id || '·' || m.carrier || '·' || strftime(min(m.month), '%Y-%m') as entity_id,
    s.station_name || '有' || count(*) || '个月的' || m.carrier || '记录，阵地功能里却没有。' as message
from carrier_month as m
join station as s using (station_id)
left join station_function as f on f.station_id = m.station_id and f.function = m.carrier
where f.station_id is null
group by m.station_id, m.carrier, s.station_name
