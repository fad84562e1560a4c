-- Every metric in one month, for the whole district (street NULL) and for each street.
-- $month: its first day. A quantile cannot be had from sums and has no value here.
-- One row per metric and place.
select
    v.metric_id,
    d.metric_name,
    d.unit,
    s.street_name,
    case d.kind
        when 'ratio' then d.scale * sum(v.numerator) / nullif(sum(v.denominator), 0)
        when 'total' then d.scale * sum(v.numerator)
    end as value
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
