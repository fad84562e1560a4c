/*
id = "opinion_return_rate"
name = "民情退回率"
short = "退回率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年收到的社情民意"
entities = ["opinion"]
numerator = "到月末被退回过的事项"
denominator = "本年到月末收到的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "down"
fewest = 10
lack = "被退回过"
none = "没有民情被退回"
target = 10
amber = 12
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "由民情流转台账的“退回”动作计"
mark = "own"
caveat = "同一事项退回多次只计一次。"
final = true
moves = { came = "新收到", counted = "被退回", gained = "被退回", lost = "不再算退回", left = "上年的不再计" }

[params]
at_least = 1

[[variants]]
id = "twice"
name = "退回两次及以上"
params = { at_least = 2 }
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.received_on || '收）' as entity_name,
    c.street_code,
    o.community_code,
    (count(e.step) >= $at_least)::integer as numerator,
    1 as denominator,
    case when count(e.step) < $at_least then '退回' || count(e.step) || '次' end as reason
from opinion as o
join community as c using (community_code)
left join opinion_event as e
    on e.opinion_id = o.opinion_id and e.action = '退回' and e.happened_on <= $as_of
where o.received_on between $window_start and $as_of
group by o.opinion_id, o.category, o.received_on, c.street_code, o.community_code
