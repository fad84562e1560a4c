/*
id = "rider_meals"
name = "小哥义务送餐单数"
short = "送餐单"
group = "治 共治"
kind = "total"
window = "month"
level = "community"
unit = "单"
one_row = "一处食堂一个月的送餐与换餐"
entities = ["meal_exchange"]
numerator = "当月为老人义务送餐的单数"
direction = "none"
cadence = "每月"
source = "公开报道：小哥们为辖区老人义务送餐一次即可享受平价餐"
mark = "V"
caveat = "按食堂汇总，不记是谁送的；送得多少与老人多少有关，不评高低。"
moves = { came = "本期", left = "前期" }
*/
select
    m.station_id || '·' || strftime(m.month, '%Y-%m') as entity_id,
    s.station_name || '（' || strftime(m.month, '%Y-%m') || '）' as entity_name,
    s.street_code,
    s.community_code,
    m.deliveries as numerator,
    null::integer as denominator
from meal_exchange as m
join station as s using (station_id)
where m.month between $window_start and $as_of
