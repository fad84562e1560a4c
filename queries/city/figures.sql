-- A metric of every district that could measure it, for some months: one row per district and month,
-- each district with all the months. $months: first days, $first and $last of them; $rules and
-- $district_value: files of the edition.

with asked as (select unnest($months::date[]) as month),
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
        scale,
        rule,
        dictionaries
    from read_parquet($rules)
    where metric_id = $metric and variant = $variant
)
select
    r.district,
    a.month,
    r.rule,
    r.dictionaries,
    s.numerator,
    s.denominator,
    coalesce(s.members, 0) as members,
    figure_value(r.kind, s.numerator, s.denominator, r.scale) as value
from rule as r
cross join asked as a
left join stored as s on s.district = r.district and s.month = a.month
order by r.district, a.month
