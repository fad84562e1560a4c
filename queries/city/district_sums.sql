-- The sums of a whole district: one row per metric, variant and month. Of a quantile, which does not
-- add up, what is stored of the district as such. $file: values of a version; $quantiles: metrics.

select
    metric_id,
    variant,
    month,
    sum(numerator) as numerator,
    sum(denominator) as denominator,
    sum(members)::integer as members
from read_parquet($file)
where
    not list_contains($quantiles::varchar[], metric_id)
    or (street_code is null and community_code is null)
group by metric_id, variant, month
order by metric_id, variant, month
