-- Units and posts that the ledgers name as those who see to something: offices and committees, then posts.
-- One row per name.

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
)
select unit
from named
where unit is not null
group by unit
order by min(place), unit
