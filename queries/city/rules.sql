-- How some districts compute every metric and variant, as digests. One row each. $rules: a file of the
-- edition.

select
    metric_id,
    variant,
    district,
    rule,
    dictionaries
from read_parquet($rules)
where list_contains($districts::varchar[], district)
order by metric_id, variant, district
