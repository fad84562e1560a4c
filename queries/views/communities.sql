-- Communities in the register on a day ($as_of), with their street. One row per community.

select c.community_code, c.community_name, c.official_name, c.street_code, s.street_name
from community as c
join street as s using (street_code)
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
order by c.community_code
