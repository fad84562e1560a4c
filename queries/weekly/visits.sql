-- Visits of opinion items to the tiers as known on $as_of, but for those that ended before
-- $window_start: the columns of `queries/views/opinions_visits.sql` that a week is told from.
-- One row per visit; left_on is null while the item lies there.

select
    v.opinion_id,
    v.place,
    v.tier,
    v.came_by,
    v.came_on,
    v.taken_on,
    v.left_on,
    v.left_by,
    o.category,
    o.due_on,
    greatest(today.worked_days - due.worked_days, 0) as late_workdays,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name
from opinion_visits($as_of) as v
join opinion as o using (opinion_id)
join working_day as due on due.day = o.due_on
join working_day as today on today.day = $as_of
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code
where coalesce(v.left_on >= $window_start, true)
order by v.opinion_id, v.place
