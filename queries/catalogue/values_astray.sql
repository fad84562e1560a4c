-- Metrics with values of a month, street or community that the version does not have. One row each.

select distinct metric_id, month, street_code, community_code
from metric_value
where
    month not in (from month select month)
    or street_code not in (from street select street_code)
    or community_code not in (from community select community_code)
order by all
