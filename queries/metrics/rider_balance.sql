/*
id = "rider_balance"
name = "平价餐结余份数"
short = "平价餐结余"
group = "治 共治"
kind = "total"
window = "cumulative"
level = "community"
unit = "份"
one_row = "一处食堂一个月的送餐与换餐"
entities = ["meal_exchange"]
numerator = "台账开始以来送餐挣得的平价餐，减去已用的份数"
direction = "none"
cadence = "每月"
source = "公开报道：义务送餐一次即可享受平价餐（一单抵一份）"
mark = "V"
caveat = "结余是还欠着没有兑付的平价餐，是负债，不是成绩。只按食堂累计，不落到个人。"
moves = { came = "当月净增" }
*/
select
    m.station_id || '·' || strftime(m.month, '%Y-%m') as entity_id,
    s.station_name || '（' || strftime(m.month, '%Y-%m') || '）' as entity_name,
    s.street_code,
    s.community_code,
    m.deliveries - m.discounted as numerator,
    null::integer as denominator
from meal_exchange as m
join station as s using (station_id)
where m.month <= $as_of
