-- What a version measured whose software did not keep how. One row per metric and variant.

select distinct
    v.metric_id,
    v.variant,
    d.kind,
    d.unit,
    d.scale,
    d.sql_text
from metric_value as v
join metric_definition as d using (metric_id)
order by v.metric_id, v.variant
