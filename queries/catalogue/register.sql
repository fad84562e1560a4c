-- The streets or communities ($level) in the register on a day ($as_of). One row per place.

with place as (
    select street_code, null::varchar as community_code, valid_from, valid_to
    from street
    where $level = 'street'
    union all
    select street_code, community_code, valid_from, valid_to
    from community
    where $level = 'community'
)
select street_code, community_code
from place
where valid_from <= $as_of and coalesce(valid_to > $as_of, true)
order by street_code, community_code
