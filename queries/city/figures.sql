-- A metric of every district that could measure it, for some months: one row per district and month.
-- $districts: which, each known $from_months to $to_months, first days; outside there is no value.
-- $months: first days, $first and $last of them; $rules and $district_value: files of the edition.

with listed as (
    select
        unnest($districts::varchar[]) as district,
        unnest($from_months::date[]) as from_month,
        unnest($to_months::date[]) as to_month
),
asked as (select unnest($months::date[]) as month),
stored as (
    select
        district,
        month,
        numerator,
        denominator,
        members
    from read_parquet($district_value)
    where metric_id = $metric and variant = $variant and month between $first and $last
),
rule as (
    select
        district,
        kind,
        unit,
        scale,
        rule,
        dictionaries
    from read_parquet($rules)
    where metric_id = $metric and variant = $variant
)
select
    l.district,
    a.month,
    r.kind,
    r.unit,
    r.scale,
    r.rule,
    r.dictionaries,
    s.numerator,
    s.denominator,
    coalesce(s.members, 0) as members,
    case
        when a.month between l.from_month and l.to_month
        then figure_value(r.kind, s.numerator, s.denominator, r.scale)
    end as value
from listed as l
join rule as r on r.district = l.district
cross join asked as a
left join stored as s on s.district = l.district and s.month = a.month
order by l.district, a.month
