-- Community outlines in the register on a day ($as_of), as WKB of WGS-84. One row per community.

select c.community_code, c.community_name, c.street_code, s.street_name, c.shape
from community as c
join street as s using (street_code)
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
order by c.community_code
