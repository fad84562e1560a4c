/*
id = "off_target"
title = "{street_name}{metric_name}低于目标"
severity = "关注"
page = "dictionary"
template = "{value:@unit}（{fraction}），目标{target:@unit}；全区有{streets:个}街道低于目标。"
link = { metric = "{metric_id}", street = "{street_name}" }

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
        d.direction,
        s.street_code,
        s.street_name,
        sum(v.numerator) as numerator,
        sum(v.denominator) as denominator,
        figure_value('ratio', sum(v.numerator), sum(v.denominator), any_value(d.scale)) as value
    from metric_value as v
    join metric_definition as d using (metric_id)
    join street as s using (street_code)
    where
        v.variant = 'base'
        and v.month = $month
        and d.kind = 'ratio'
        and d.direction = 'up'
        and d.target is not null
    group by all
    having sum(v.denominator) > 0
),
below as (
    select
        *,
        count(*) over (partition by metric_id) as streets
    from street_values
    where misses_target(value, target, direction)
)
-- A street with few cases is counted as the charts count it, but is no finding of its own.
select
    *,
    null::varchar as community_code,
    -- The worst street of every metric comes before the second worst of any.
    (target - value) / target - row_number() over (partition by metric_id order by value)
        as weight
from below
where denominator >= $fewest
