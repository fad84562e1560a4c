-- The stored values as one street may see them: its own as they are; of every other street the sum
-- only, its communities added up (a quantile, which does not add up, is stored of the street itself).
-- $street. One row per metric, variant, month and place.

select
    v.metric_id,
    v.variant,
    v.month,
    v.street_code,
    case when v.street_code = $street then v.community_code end as community_code,
    sum(v.numerator) as numerator,
    sum(v.denominator) as denominator,
    sum(v.members)::integer as members
from metric_value as v
join metric_definition as d using (metric_id)
where d.kind <> 'quantile' or v.community_code is null or v.street_code = $street
group by all
order by v.metric_id, v.variant, v.month, v.street_code nulls first, community_code nulls first
