/*
id = "opinion_repeat_rate"
name = "民情重复率"
short = "重复率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年收到的社情民意"
entities = ["opinion"]
numerator = "登记为重复件的事项"
denominator = "本年到月末收到的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "down"
fewest = 10
lack = "登记为重复件"
none = "没有登记为重复件的民情"
cadence = "每月"
source = "民情台账的“重复件原编号”"
mark = "own"
caveat = "只认台账上登记的重复；同一社区同一类别先后来的事项不推定为重复。"
moves = { came = "新收到", counted = "登记为重复件", gained = "登记为重复件", lost = "不再登记为重复件", left = "上年的不再计" }
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.received_on || '收）' as entity_name,
    c.street_code,
    o.community_code,
    (o.repeat_of is not null)::integer as numerator,
    1 as denominator,
    case when o.repeat_of is null then '没有登记为重复件' end as reason
from opinion as o
join community as c using (community_code)
where o.received_on between $window_start and $as_of
