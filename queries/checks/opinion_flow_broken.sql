/*
id = "opinion_flow_broken"
name = "民情流转接不上"
severity = "警告"
entity = "opinion"
mend = "核对民情流转台账这一事项的各步：先受理，再上报一级、退回一级或办结，交接之后由接收的一级受理。接不上的事项不计入各级收、转、结。"
*/
select
    b.opinion_id as entity_id,
    '民情' || b.opinion_id || coalesce('第' || b.step || '步：', '：') || b.fault || '。' as message
from opinion_flow_broken(date '2040-12-31') as b
where b.opinion_id in (select o.opinion_id from opinion as o)
