-- How some districts compute metrics, as digests. One row per metric, variant and district. $variant:
-- one alone (none: all); $from_metric and $to_metric: the first and the last asked for, by name, for the
-- file is in that order; $rules: a file of the edition.

select
    metric_id,
    variant,
    district,
    kind,
    unit,
    scale,
    rule,
    dictionaries
from read_parquet($rules)
where
    metric_id between $from_metric and $to_metric
    and list_contains($districts::varchar[], district)
    and ($variant::varchar is null or variant = $variant)
order by metric_id, variant, district
