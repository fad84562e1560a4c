-- In which ways districts compute metrics, as digests: one row per metric, variant and way, with the codes
-- of its districts as numbers. $variant: one alone (none: all); $from_metric and $to_metric: the first
-- and the last asked for, by name, for the file is in that order; $rules: a file of the edition.

select
    metric_id,
    variant,
    kind,
    unit,
    scale,
    rule,
    dictionaries,
    list(district::integer) as districts
from read_parquet($rules)
where metric_id between $from_metric and $to_metric and ($variant::varchar is null or variant = $variant)
group by all
order by metric_id, variant, min(district)
