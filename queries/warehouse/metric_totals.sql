-- Every metric for the whole district: sums of its parts, with what is needed to read them as
-- a value; of a quantile, which is no sum, what is stored of the whole. One row per metric,
-- variant, month.
with sums as (
    select
        metric_id,
        variant,
        strftime(month, '%Y-%m') as month,
        sum(numerator) as numerator,
        sum(denominator) as denominator,
        sum(members)::bigint as members,
        any_value(numerator) filter (street_code is null and community_code is null) as whole
    from metric_value
    group by metric_id, variant, month
)

select
    sums.* exclude (whole),
    definition.metric_name,
    definition.unit,
    figure_value(
        definition.kind,
        if(definition.kind = 'quantile', whole, numerator),
        denominator,
        definition.scale
    ) as value
from sums
left join metric_definition as definition using (metric_id)
