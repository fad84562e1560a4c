-- Values of sum-able metrics over a range of months for one scope. One row per metric and month
-- of the version; NULL where the scope has no members.
-- $metrics, $variant, $first and $last (first days of months), $streets (none: all), $community.

with wanted as (
    select d.metric_id, m.month
    from metric_definition as d
    cross join month as m
    where list_contains($metrics::varchar[], d.metric_id) and m.month between $first and $last
),
summed as (
    select
        metric_id,
        month,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(members) as members
    from metric_value
    where
        list_contains($metrics::varchar[], metric_id)
        and variant = $variant
        and month between $first and $last
        and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], street_code))
        and ($community::varchar is null or community_code = $community::varchar)
    group by metric_id, month
)
select wanted.metric_id, wanted.month, s.numerator, s.denominator, s.members::integer as members
from wanted
left join summed as s using (metric_id, month)
order by wanted.metric_id, wanted.month
