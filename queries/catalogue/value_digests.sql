-- The stored values of each metric as one short text, whatever their order. One row per metric.

select metric_id, count(*) || ':' || sum(hash(*columns(*))::hugeint) as digest
from metric_value
group by metric_id
