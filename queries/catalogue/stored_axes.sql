-- The metrics and places that one variant has stored values of. One row per metric and place.

select distinct
    metric_id,
    street_code,
    community_code
from metric_value
where variant = $variant
order by metric_id, street_code nulls first, community_code nulls first
