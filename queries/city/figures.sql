-- The sums of some metrics in every district, of months from $first to $last: which of $metrics, district as
-- a number, month from $first on, and the sums. $from_metric and $to_metric: the first and the last of
-- $metrics by name, for the file is in that order; $district_value: a file of the edition.

select
    list_position($metrics::varchar[], metric_id) - 1 as metric_no,
    district::integer as district_no,
    datediff('month', $first::date, month) as month_no,
    numerator,
    denominator,
    members
from read_parquet($district_value)
where
    metric_id between $from_metric and $to_metric
    and list_contains($metrics::varchar[], metric_id)
    and variant = $variant
    and month between $first and $last
