-- How a version computed each metric and variant that it could measure. One row each.

select
    i.metric_id,
    i.variant,
    d.kind,
    d.unit,
    d.scale,
    i.rule
from metric_input as i
join metric_definition as d using (metric_id)
order by i.metric_id, i.variant
