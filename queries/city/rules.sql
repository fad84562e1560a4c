-- How some districts compute metrics, as digests. One row per metric, variant and district. $variant:
-- one alone (none: all); $rules: a file of the edition.

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
    list_contains($districts::varchar[], district)
    and ($variant::varchar is null or variant = $variant)
order by metric_id, variant, district
