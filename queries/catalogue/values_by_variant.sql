-- One metric at one month for a scope under every accepted way of counting: sums only, no quantile.
-- One row per variant that has members. $metric, $month, $streets (none: all), $community.

select
    variant,
    sum(numerator) as numerator,
    sum(denominator) as denominator
from metric_value
where
    metric_id = $metric
    and month = $month
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], street_code))
    and ($community::varchar is null or community_code = $community::varchar)
group by variant
