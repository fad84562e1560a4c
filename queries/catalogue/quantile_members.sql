-- Run one quantile metric for every month at once: the quantile of the whole ($streets none: the
-- district), of each street and of each community, for quantiles do not add up. One row per month
-- and place that has members; the whole has no codes. The lateral SELECT below is replaced by
-- the metric's own, which reads the month from `asked`. The quantile is the smallest value at
-- which the summed weight (the denominators) reaches $quantile of all.
-- $months, $ends, $starts: first and last day of each month, and the first day it counts.

with asked as (
    select
        unnest($months::date[]) as month,
        unnest($ends::date[]) as as_of,
        unnest($starts::date[]) as window_start
),
members as (
    select
        asked.month,
        member.street_code,
        member.community_code,
        member.numerator::double as value,
        member.denominator::double as weight
    from asked, lateral (from member) as member
    where
        member.denominator > 0
        and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], member.street_code))
),
placed as (
    select month, null as street_code, null as community_code, value, weight from members
    union all
    select month, street_code, null, value, weight from members where street_code is not null
    union all
    select month, street_code, community_code, value, weight
    from members
    where community_code is not null
),
steps as (
    select
        month,
        street_code,
        community_code,
        value,
        sum(sum(weight)) over (place order by value) as reached,
        sum(sum(weight)) over place as whole,
        sum(count(*)) over place as members
    from placed
    group by month, street_code, community_code, value
    window place as (partition by month, street_code, community_code)
)
select
    $metric_id as metric_id,
    $variant as variant,
    month,
    street_code,
    community_code,
    min(value) as numerator,
    any_value(whole)::double as denominator,
    any_value(members)::integer as members
from steps
where reached >= $quantile * whole * (1 - 1e-12) -- a hair below: 0.1 + 0.2 must reach 0.3
group by month, street_code, community_code
order by month, street_code nulls first, community_code nulls first
