/*
id = "opinion_event_mismatch"
name = "民情办结与流转记录不符"
severity = "警告"
entity = "opinion"
mend = "核对民情台账的办结日期、办结层级与民情流转台账的“办结”一行，使两处一致。"
*/
with ended as (
    select opinion_id, max(happened_on) as ended_on, arg_max(tier, step) as ended_tier
    from opinion_event
    where action = '办结'
    group by opinion_id
)
select
    o.opinion_id as entity_id,
    '民情' || o.opinion_id
        || case
            when ended.ended_on is null then '已于' || o.closed_on || '办结，流转台账却没有办结记录。'
            when o.closed_on is null
                then '流转台账记' || ended.ended_on || '办结，民情台账却未办结。'
            else '台账记' || o.closed_on || o.closed_tier || '办结，流转台账记' || ended.ended_on
                || ended.ended_tier || '办结。'
        end as message
from opinion as o
left join ended using (opinion_id)
where
    o.closed_on is distinct from ended.ended_on
    or o.closed_tier is distinct from ended.ended_tier
