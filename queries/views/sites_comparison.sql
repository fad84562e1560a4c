-- The same metrics for communities with a demonstration site and for the others in scope, in one
-- month: the stored values of each community. One row per metric and community.

select
    v.metric_id,
    v.community_code,
    shown.community_code is not null as is_demo,
    v.numerator,
    v.denominator
from metric_value as v
join community as c on c.community_code = v.community_code
left join demo_communities($as_of) as shown on shown.community_code = v.community_code
where
    list_contains($metrics::varchar[], v.metric_id)
    and v.variant = 'base'
    and v.month = date_trunc('month', $as_of)
    and v.denominator > 0
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
order by v.metric_id, v.community_code
