/*
id = "off_target"
title = "{metric_name}有街道未达标"
severity = "关注"
page = "dictionary"
template = "{streets:个}街道低于目标（{target:@unit}），最低的是{worst_name}，{worst:@unit}（{numerator:@numerator_unit}/{denominator:@denominator_unit}）。"
link = { metric = "{metric_id}" }

[params]
fewest = 10
*/
with street_values as (
    select
        d.metric_id,
        d.metric_name,
        d.unit,
        d.numerator_unit,
        d.denominator_unit,
        d.target,
        s.street_name,
        sum(v.numerator) as numerator,
        sum(v.denominator) as denominator,
        any_value(d.scale) * sum(v.numerator) / sum(v.denominator) as value
    from metric_value as v
    join metric_definition as d using (metric_id)
    join street as s using (street_code)
    where
        v.variant = 'base'
        and v.month = $month
        and d.kind = 'ratio'
        and d.direction = 'up'
        and d.target is not null
        and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], v.street_code))
    group by all
    having sum(v.denominator) >= $fewest
)
select
    metric_id,
    any_value(metric_name) as metric_name,
    any_value(unit) as unit,
    any_value(numerator_unit) as numerator_unit,
    any_value(denominator_unit) as denominator_unit,
    any_value(target) as target,
    count(*) as streets,
    arg_min(street_name, value) as worst_name,
    min(value) as worst,
    arg_min(numerator, value) as numerator,
    arg_min(denominator, value) as denominator,
    null::varchar as street_code,
    null::varchar as community_code,
    count(*) + (any_value(target) - min(value)) / any_value(target) as weight
from street_values
where value < target
group by metric_id
