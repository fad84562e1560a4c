/*
id = "opinion_steps_backwards"
name = "民情流转日期倒退"
severity = "警告"
entity = "opinion"
mend = "核对民情流转台账各步的日期，应当一步不早于一步，且不早于收到日期。"
*/
with steps as (
    select
        opinion_id,
        step,
        happened_on,
        lag(happened_on) over (partition by opinion_id order by step) as before_on
    from opinion_event
)
select
    o.opinion_id as entity_id,
    '民情' || o.opinion_id || '第' || min(steps.step) || '步早于上一步或收到日期。' as message
from opinion as o
join steps using (opinion_id)
where steps.happened_on < coalesce(steps.before_on, o.received_on)
group by o.opinion_id
