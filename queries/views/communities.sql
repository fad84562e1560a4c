-- Communities in the register at the end of the version's last month, with their street and
-- their outline as WKB of WGS-84. One row per community.

select
    c.community_code,
    c.community_name,
    c.official_name,
    c.street_code,
    s.street_name,
    c.valid_from,
    c.shape
from community as c
join street as s using (street_code)
where
    c.valid_from <= (select max(month_end) from month)
    and coalesce(c.valid_to > (select max(month_end) from month), true)
order by c.community_code
