-- One metric by street or by community ($level) for the asked months. One row per month and
-- place; a NULL code is what belongs to no place of that level.
-- $stored: the metric is a quantile, whose levels are stored apart and must not be summed.

select
    month,
    street_code,
    case when $level = 'community' then community_code end as community_code,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    sum(members)::integer as members
from metric_value
where
    metric_id = $metric
    and variant = $variant
    and list_contains($months::date[], month)
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], street_code))
    and (
        not $stored
        or ($level = 'street' and street_code is not null and community_code is null)
        or ($level = 'community' and community_code is not null)
    )
group by all
