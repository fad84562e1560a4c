-- A metric by street inside each district, for one month: one row per street. $files: the values of
-- each of $districts, of which $months is asked; $rules and $streets: files of the edition.

with listed as (
    select
        unnest($files::varchar[]) as file,
        unnest($districts::varchar[]) as district,
        unnest($months::date[]) as month
),
stored as (
    select
        l.district,
        v.street_code,
        v.community_code,
        v.numerator,
        v.denominator,
        v.members
    from read_parquet($files::varchar[], filename = true) as v
    join listed as l on l.file = v.filename and l.month = v.month
    where
        v.metric_id = $metric
        and v.variant = $variant
        and v.street_code is not null
        and v.month between list_min($months::date[]) and list_max($months::date[])
),
rule as (
    select
        district,
        kind,
        scale
    from read_parquet($rules)
    where metric_id = $metric and variant = $variant
),
summed as (
    select
        s.district,
        s.street_code,
        sum(s.numerator) as numerator,
        sum(s.denominator) as denominator,
        sum(s.members)::integer as members
    from stored as s
    join rule as r on r.district = s.district
    where r.kind <> 'quantile' or s.community_code is null
    group by s.district, s.street_code
)
select
    s.district,
    s.street_code,
    n.street_name,
    s.numerator,
    s.denominator,
    s.members,
    figure_value(r.kind, s.numerator, s.denominator, r.scale) as value
from summed as s
join rule as r on r.district = s.district
join read_parquet($streets) as n on n.district = s.district and n.street_code = s.street_code
order by s.district, s.street_code
