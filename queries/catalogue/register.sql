-- The streets or communities ($level) that ever were in the register, with the days from when and
-- until when (none: still) they are. One row per place.

with place as (
    select street_code, null::varchar as community_code, valid_from, valid_to
    from street
    where $level = 'street'
    union all
    select street_code, community_code, valid_from, valid_to
    from community
    where $level = 'community'
)
select street_code, community_code, valid_from, valid_to
from place
order by street_code, community_code
