-- A rule over what the version itself defines, which older versions do not: asked for by name alone.

-- The visits of `opinion_visits` with the place and the due day of their item: whether that has passed by
-- the day asked with the item not closed, and how many working days ago (estimated where the days off of a
-- year are not in the ledger).

create or replace temp macro opinion_visits_due(asked_day) as table
select
    v.*,
    o.category,
    o.channel,
    o.received_on,
    o.due_on,
    is_overdue(o.due_on, o.closed_on, asked_day) as is_late,
    greatest(today.worked_days - due.worked_days, 0) as late_workdays,
    overdue_workdays_words(o.due_on, asked_day, today.worked_days - due.worked_days) as late,
    due.is_published is false or today.is_published is false as is_estimated,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name,
    o.source_id,
    o.source_row
from opinion_visits(asked_day) as v
join opinion as o using (opinion_id)
join working_day as due on due.day = o.due_on
join working_day as today on today.day = asked_day
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code;
