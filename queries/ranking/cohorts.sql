-- The communities with their cohort of a year; those in none have null.

select
    c.community_code,
    c.community_name,
    s.street_code,
    s.street_name,
    o.cohort,
    o.basis
from community as c
join street as s using (street_code)
left join cohort_of_year as o on o.community_code = c.community_code and o.year = $year
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
order by o.cohort nulls last, c.community_code
