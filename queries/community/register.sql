-- Communities of the register with their street, from when to when. One row per community.

select c.community_code, c.community_name, c.street_code, s.street_name, c.valid_from, c.valid_to
from community as c
join street as s using (street_code)
