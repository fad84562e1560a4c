/*
id = "opinions_returned"
kind = "民情退回率偏高"
title = "{street_name}民情退回率偏高"
severity = "关注"
page = "dictionary"
template = "本年收到民情{received:项}，{returned:项}被退回过，退回率{rate:%}，全区为{district_rate:%}。"
ask = "规范{street_name}民情流转，降低退回率（现为{rate:%}，全区{district_rate:%}）"
link = { metric = "opinion_return_rate", street = "{street_name}" }

[params]
times = 2
fewest = 10
*/
with items as (
    select
        o.opinion_id,
        c.street_code,
        s.street_name,
        count(e.step) > 0 as returned
    from opinion as o
    join community as c using (community_code)
    join street as s on s.street_code = c.street_code
    left join opinion_event as e
        on e.opinion_id = o.opinion_id and e.action = '退回' and e.happened_on <= $as_of
    where o.received_on between date_trunc('year', $as_of) and $as_of
    group by all
),
rates as (
    select
        street_code,
        street_name,
        count(*) as received,
        count(*) filter (returned) as returned,
        figure_value('ratio', count(*) filter (returned), count(*), 100) as rate
    from items
    group by street_code, street_name
),
district as (
    select figure_value('ratio', sum(numerator), sum(denominator), 100) as district_rate
    from metric_value
    where
        metric_id = 'opinion_return_rate'
        and variant = 'base'
        and month = date_trunc('month', $as_of::date)
)
select rates.*, district_rate, null::varchar as community_code, rate as weight
from rates
cross join district
where received >= $fewest and rate >= $times * district_rate and returned > 0
