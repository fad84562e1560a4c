-- Streets in the register on a day ($as_of). One row per street.

select street_code, street_name
from street
where valid_from <= $as_of and coalesce(valid_to > $as_of, true)
order by street_code
