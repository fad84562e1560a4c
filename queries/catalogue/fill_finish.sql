-- Move the working table into `metric_value`, whose keys are checked once for all rows.

insert into metric_value
select *
from filling
order by metric_id, variant, month, street_code nulls first, community_code nulls first
