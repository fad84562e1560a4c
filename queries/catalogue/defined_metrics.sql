-- The metrics this version was built with. One row each.

select metric_id
from metric_definition
order by metric_id
