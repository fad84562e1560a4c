-- Every street and community that ever was in the register. One row per place.

select
    'street' as level,
    street_code as place_code,
    street_name as place_name,
    street_code,
    valid_from,
    valid_to
from street
union all
select 'community', community_code, community_name, street_code, valid_from, valid_to
from community
order by place_code
