/*
id = "opinions_received"
name = "收集社情民意项数"
short = "收集民情"
group = "治 共治"
kind = "total"
window = "cumulative"
level = "community"
unit = "项"
one_row = "一项社情民意"
entities = ["opinion"]
numerator = "到月末累计收集的社情民意"
direction = "none"
cadence = "每月"
source = "公开报道：自下而上收集社情民意"
mark = "V"
caveat = "按台账开始以来累计；收得多不等于办得好，不作达标评价。"
moves = { came = "新收到" }

[[variants]]
id = "year"
name = "只计本年"
window = "year-to-date"
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.received_on || '收）' as entity_name,
    c.street_code,
    o.community_code,
    1 as numerator,
    null::integer as denominator
from opinion as o
join community as c using (community_code)
where o.received_on between $window_start and $as_of
