/*
id = "falls"
title = "{street_name}{metric_name}较上月变差"
severity = "关注"
page = "dictionary"
template = "由{before:@unit}变为{now:@unit}（{fraction}），变动{points}个百分点。"
link = { metric = "{metric_id}", street = "{street_name}" }

[params]
points = 3
fewest = 20
*/
with street_values as (
    select
        d.metric_id,
        d.metric_name,
        d.unit,
        d.numerator_unit,
        d.denominator_unit,
        case d.direction when 'up' then 1 else -1 end as sign,
        s.street_code,
        s.street_name,
        v.month,
        sum(v.numerator) as numerator,
        sum(v.denominator) as denominator,
        figure_value('ratio', sum(v.numerator), sum(v.denominator), any_value(d.scale)) as value
    from metric_value as v
    join metric_definition as d using (metric_id)
    join street as s using (street_code)
    where
        v.variant = 'base'
        and v.month in ($month, $month - interval 1 month)
        and d.kind = 'ratio'
        and d.unit = '%'
        and d.direction in ('up', 'down')
    group by all
    having sum(v.denominator) >= $fewest
)
select
    now.metric_id,
    now.metric_name,
    now.unit,
    now.numerator_unit,
    now.denominator_unit,
    now.street_code,
    now.street_name,
    null::varchar as community_code,
    before.value as before,
    now.value as now,
    now.numerator,
    now.denominator,
    abs(now.value - before.value) as points,
    abs(now.value - before.value) as weight
from street_values as now
join street_values as before using (metric_id, street_code)
where
    now.month = $month
    and before.month < $month
    and now.sign * (before.value - now.value) >= $points
