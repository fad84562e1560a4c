-- Premises where a station could open, with what the ledger says of them. One row per premises.

select
    p.premises_id as place_id,
    p.premises_name as place_name,
    p.address,
    c.street_code,
    p.community_code,
    c.community_name,
    p.area_m2,
    p.owner,
    p.state,
    p.is_ground_floor,
    p.capacity_per_day,
    p.listed_on,
    p.settled_on,
    p.lon,
    p.lat
from premises as p
join community as c using (community_code)
order by p.premises_id
