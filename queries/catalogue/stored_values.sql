-- Every stored value of one variant, with the places of its metric, month and place in the lists
-- given: one row per value, some 300,000 in a district of three years.
-- $metrics and $months; $streets and $communities, one element of both for each place.

with metric as (
    select
        unnest($metrics::varchar[]) as metric_id,
        unnest(range(len($metrics::varchar[]))) as metric_no
),
listed_month as (
    select
        unnest($months::date[]) as month,
        unnest(range(len($months::date[]))) as month_no
),
place as (
    select
        unnest($streets::varchar[]) as street_code,
        unnest($communities::varchar[]) as community_code,
        unnest(range(len($streets::varchar[]))) as place_no
)
select
    metric.metric_no,
    listed_month.month_no,
    place.place_no,
    v.numerator,
    v.denominator,
    v.members
from metric_value as v
join metric on metric.metric_id = v.metric_id
join listed_month on listed_month.month = v.month
join place
    on place.street_code is not distinct from v.street_code
    and place.community_code is not distinct from v.community_code
where v.variant = $variant
