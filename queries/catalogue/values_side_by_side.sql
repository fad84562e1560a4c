-- Several metrics at one month by street or by community ($level), to stand side by side. One row
-- per metric and place in the register at the month's end; the value is NULL where there is none.
-- $metrics, $month and its last day $as_of.

with place as (
    select street_code, null::varchar as community_code, street_name as place_name, valid_from, valid_to
    from street
    where $level = 'street'
    union all
    select street_code, community_code, community_name, valid_from, valid_to
    from community
    where $level = 'community'
),
stored as (
    select v.*, d.kind
    from metric_value as v
    join metric_definition as d using (metric_id)
    where list_contains($metrics::varchar[], v.metric_id) and v.variant = 'base' and v.month = $month
),
summed as (
    -- A quantile is stored for every level and must not be summed.
    select
        metric_id,
        street_code,
        case when $level = 'community' then community_code end as community_code,
        sum(numerator) as numerator,
        sum(denominator) as denominator
    from stored
    where
        street_code is not null
        and case
            when $level = 'community' then community_code is not null
            else kind <> 'quantile' or community_code is null
        end
    group by all
)
select
    d.metric_id,
    place.street_code,
    place.community_code,
    place.place_name,
    s.numerator,
    s.denominator,
    s.denominator - s.numerator as rest,
    case
        when d.kind = 'total' then coalesce(s.numerator, 0)
        when s.denominator > 0
            then case d.kind when 'quantile' then s.numerator else d.scale * s.numerator / s.denominator end
    end as value
from metric_definition as d
cross join place
left join summed as s
    on s.metric_id = d.metric_id
    and s.street_code = place.street_code
    and s.community_code is not distinct from place.community_code
where
    list_contains($metrics::varchar[], d.metric_id)
    and place.valid_from <= $as_of
    and coalesce(place.valid_to > $as_of, true)
order by d.metric_id, value desc, place.street_code, place.community_code
