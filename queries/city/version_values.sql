-- The stored values of a version, in one order. One row per metric, variant, month and place.

select
    metric_id,
    variant,
    month,
    street_code,
    community_code,
    numerator,
    denominator,
    members
from metric_value
order by metric_id, variant, month, street_code nulls first, community_code nulls first
