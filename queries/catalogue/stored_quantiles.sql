-- Values of quantile metrics at one stored place: the district ($street and $community NULL), a
-- street or a community. One row per metric and month of the version; NULL where none is stored.

select
    d.metric_id,
    m.month,
    v.numerator,
    v.denominator,
    v.members
from metric_definition as d
cross join month as m
left join metric_value as v
    on v.metric_id = d.metric_id
    and v.variant = $variant
    and v.month = m.month
    and case
        when $community::varchar is not null then v.community_code = $community::varchar
        else v.community_code is null and v.street_code is not distinct from $street::varchar
    end
where list_contains($metrics::varchar[], d.metric_id) and m.month between $first and $last
order by d.metric_id, m.month
