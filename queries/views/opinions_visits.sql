-- Visits of opinion items to the tiers, as known on $as_of: when each came, was accepted and left,
-- with the item's place, due day, whether that has passed by that day with the item not closed, and
-- how many working days ago (estimated where the days off of a year are not in the ledger), and its
-- ledger row.
-- One row per visit; taken_on and left_on are null while the item waits, or lies, there.

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
    o.channel,
    o.received_on,
    o.due_on,
    is_overdue(o.due_on, o.closed_on, $as_of) as is_late,
    greatest(today.worked_days - due.worked_days, 0) as late_workdays,
    due.is_published is false or today.is_published is false as is_estimated,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name,
    f.file_name,
    f.sheet_name,
    o.source_row
from opinion_visits($as_of) as v
join opinion as o using (opinion_id)
join working_day as due on due.day = o.due_on
join working_day as today on today.day = $as_of
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = o.source_id
order by v.opinion_id, v.place
