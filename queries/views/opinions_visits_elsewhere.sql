-- What `views/opinions_visits` has of the items of other streets, without the items, where the version
-- has one street's rows alone. One row per visit as known on $as_of.

select
    e.street_code,
    s.street_name,
    e.tier,
    e.came_on,
    case when e.taken_on <= $as_of then e.taken_on end as taken_on,
    case when e.left_on <= $as_of then e.left_on end as left_on
from opinion_visit_elsewhere as e
join street as s using (street_code)
where e.came_on <= $as_of
