-- Visits of the items of other streets to the tiers, without the items. $as_of: as known on that day;
-- $street: whose are left out. One row per visit.

select c.street_code, v.tier, v.came_on, v.taken_on, v.left_on
from opinion_visits($as_of) as v
join opinion using (opinion_id)
join community as c using (community_code)
where c.street_code <> $street
order by v.came_on, v.tier
