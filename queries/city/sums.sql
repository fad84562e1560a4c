-- Metrics added up over the districts that count alike: one row per metric and month. $metrics with the
-- $common_rules and $common_dictionaries of each; $districts: those that may be counted at all, as numbers;
-- $first and $last month; $from_metric and $to_metric as for the rules; $rules and $district_value: files of the edition.

with common as (
    select
        unnest($metrics::varchar[]) as metric_id,
        unnest($common_rules::varchar[]) as rule,
        unnest($common_dictionaries::varchar[]) as dictionaries
),
alike as (
    select
        r.metric_id,
        r.district
    from read_parquet($rules) as r
    join common as c
        on c.metric_id = r.metric_id
        and c.rule = r.rule
        and c.dictionaries = r.dictionaries
    where
        r.metric_id between $from_metric and $to_metric
        and r.variant = $variant
        and r.district::integer in (select unnest($districts::integer[]))
)
select
    v.metric_id,
    v.month,
    sum(v.numerator) as numerator,
    sum(v.denominator) as denominator,
    sum(v.members)::integer as members
from read_parquet($district_value) as v
join alike as a on a.metric_id = v.metric_id and a.district = v.district
where
    v.metric_id between $from_metric and $to_metric
    and v.variant = $variant
    and v.month between $first and $last
group by v.metric_id, v.month
order by v.metric_id, v.month
