-- The sums of a metric in every district, of months from $first to $last: district as a number, month from
-- $first on, and the sums. $district_value: a file of the edition.

select
    district::integer as district_no,
    datediff('month', $first::date, month) as month_no,
    numerator,
    denominator,
    members
from read_parquet($district_value)
where metric_id = $metric and variant = $variant and month between $first and $last
