-- Put the values that were computed or taken over into `metric_value`, always in one order.

insert into metric_value by name
select *
from computed
order by metric_id, variant, month, street_code nulls first, community_code nulls first
