-- Every metric in one month, for the whole district (street NULL) and for each street.
-- $month: its first day. A quantile cannot be had from sums and has no value here.
-- One row per metric and place.
select
    v.metric_id,
    d.metric_name,
    d.unit,
    s.street_name,
    figure_value(d.kind, sum(v.numerator), sum(v.denominator), d.scale) as value
from metric_value as v
join metric_definition as d using (metric_id)
left join street as s on s.street_code = v.street_code
where v.variant = 'base' and v.month = $month and d.kind <> 'quantile'
group by grouping sets (
    (v.metric_id, d.metric_name, d.unit, d.kind, d.scale),
    (v.metric_id, d.metric_name, d.unit, d.kind, d.scale, s.street_name)
)
having grouping(s.street_name) = 1 or s.street_name is not null
order by v.metric_id, s.street_name nulls first
