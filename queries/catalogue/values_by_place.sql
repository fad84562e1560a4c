-- One metric by street or by community ($level): this month, the month before, the year before.
-- One row per place in the register at the month's end or holding members then; a place of
-- NULL code holds what belongs to no place of that level.
-- $stored: the metric is a quantile, whose levels are stored apart and must not be summed.

with register as (
    select street_code, null::varchar as community_code, valid_from, valid_to
    from street
    where $level = 'street'
    union all
    select street_code, community_code, valid_from, valid_to
    from community
    where $level = 'community'
),
listed as (
    select street_code, community_code
    from register
    where valid_from <= $as_of and coalesce(valid_to > $as_of, true)
),
summed as (
    select
        street_code,
        case when $level = 'community' then community_code end as community_code,
        sum(numerator) filter (month = $month) as numerator,
        sum(denominator) filter (month = $month) as denominator,
        sum(members) filter (month = $month) as members,
        sum(numerator) filter (month = $before) as numerator_before,
        sum(denominator) filter (month = $before) as denominator_before,
        sum(numerator) filter (month = $year_before) as numerator_year,
        sum(denominator) filter (month = $year_before) as denominator_year
    from metric_value
    where
        metric_id = $metric
        and variant = $variant
        and month in ($month, $before, $year_before)
        and (
            not $stored
            or ($level = 'street' and street_code is not null and community_code is null)
            or ($level = 'community' and community_code is not null)
        )
    group by all
),
placed as (
    select
        coalesce(listed.street_code, summed.street_code) as street_code,
        coalesce(listed.community_code, summed.community_code) as community_code,
        summed.* exclude (street_code, community_code)
    from listed
    full join summed
        on summed.street_code = listed.street_code
        and summed.community_code is not distinct from listed.community_code
    where
        listed.street_code is not null
        or summed.numerator <> 0
        or summed.denominator <> 0
        or summed.members <> 0
)
select
    placed.street_code,
    coalesce(s.street_name, '（不分街道）') as street_name,
    placed.community_code,
    coalesce(c.community_name, '（不分社区）') as community_name,
    placed.* exclude (street_code, community_code)
from placed
left join street as s on s.street_code = placed.street_code
left join community as c on c.community_code = placed.community_code
where len($streets::varchar[]) = 0 or list_contains($streets::varchar[], placed.street_code)
order by placed.street_code, placed.community_code
