-- Items received by $as_of that no visit is told of, because their events are no path through the
-- tiers. One row per item.

select
    b.opinion_id,
    c.street_code,
    o.community_code
from opinion_flow_broken($as_of) as b
join opinion as o using (opinion_id)
join community as c using (community_code)
where o.received_on <= $as_of
