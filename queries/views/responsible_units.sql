-- Units and posts that the ledgers name as those who see to something, with the street and community that
-- their names begin with (null for those of the district): offices and committees, then posts. What only
-- marks a name as made up is left off. One row per name.

with named as (
    select lead_unit as unit, 1 as place from action_task
    union all
    select claimed_by, 1 from challenge
    union all
    select posted_by, 1 from challenge
    union all
    select unit, 1 from assignment
    union all
    select committee_name, 2 from party_committee where dissolved_on is null
    union all
    select backer_post, 3 from linkage
    union all
    select role_name, 3 from grid_role
),
units as (
    select regexp_replace(unit, '（示意）$', '') as unit, min(place) as place
    from named
    where unit is not null
    group by all
)
select
    u.unit,
    s.street_name,
    max(c.community_name) as community_name
from units as u
left join street as s on starts_with(u.unit, s.street_name)
left join community as c on c.street_code = s.street_code and contains(u.unit, c.community_name)
group by u.unit, u.place, s.street_name
order by u.place, u.unit
