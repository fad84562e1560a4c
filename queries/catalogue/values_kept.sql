-- Values of some metrics ($metrics, with the variant of each in $variants) in some months. One row
-- per metric, variant, month and place.

with asked as (select unnest($metrics) as metric_id, unnest($variants) as variant)

select
    v.metric_id,
    v.variant,
    v.month,
    v.street_code,
    v.community_code,
    v.numerator,
    v.denominator,
    v.members
from metric_value as v
join asked using (metric_id, variant)
where list_contains($months::date[], v.month)
