-- What each community is called in a filter or a link: its name, with its street where two
-- communities share a name. One row per community.

select
    c.community_code,
    case
        when count(*) over (partition by c.community_name) = 1 then c.community_name
        else c.community_name || '（' || s.street_name || '）'
    end as label
from community as c
join street as s using (street_code)
order by c.community_code
