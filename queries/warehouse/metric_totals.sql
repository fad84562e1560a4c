-- Every metric for the whole district: sums of its parts, with what is needed to read them as
-- a value. One row per metric, variant, month.
with sums as (
    select
        metric_id,
        variant,
        strftime(month, '%Y-%m') as month,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(members)::bigint as members
    from metric_value
    group by metric_id, variant, month
)

select
    sums.*,
    definition.metric_name,
    definition.unit,
    case definition.kind
        when 'ratio' then definition.scale * numerator / nullif(denominator, 0)
        when 'total' then definition.scale * numerator
    end as value -- a quantile cannot be had from sums
from sums
left join metric_definition as definition using (metric_id)
