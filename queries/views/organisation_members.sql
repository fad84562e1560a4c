-- Member units on $as_of with their committee and what they promised: pledges of the last
-- $within_months months, the last day they promised anything, those due since $window_start, delivered by
-- their day, and those due and not delivered so far, with the most days past due. Those without any
-- pledge first, then the most overdue. One row per unit.

with counts as (
    select
        unit_id,
        count(*) filter (promised_on > $as_of - to_months($within_months)) as recent,
        max(promised_on) as last_on,
        count(*) filter (due_on between $window_start and $as_of) as due,
        count(*) filter (due_on between $window_start and $as_of and delivered_on <= due_on) as kept,
        count(*) filter (is_overdue(due_on, delivered_on, $as_of)) as overdue,
        ($as_of - min(due_on) filter (is_overdue(due_on, delivered_on, $as_of)))::integer as late_days
    from pledge
    where promised_on <= $as_of
    group by unit_id
)
select
    u.unit_id,
    u.unit_name,
    u.kind,
    p.committee_id,
    p.committee_name,
    p.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    u.joined_on,
    coalesce(counts.recent, 0)::integer as recent,
    counts.last_on,
    coalesce(counts.due, 0)::integer as due,
    coalesce(counts.kept, 0)::integer as kept,
    coalesce(counts.overdue, 0)::integer as overdue,
    counts.late_days,
    f.file_name,
    f.sheet_name,
    u.source_row
from member_unit as u
join party_committee as p using (committee_id)
join street as s on s.street_code = p.street_code
left join community as c on c.community_code = p.community_code
join source_file as f on f.source_id = u.source_id
left join counts on counts.unit_id = u.unit_id
where u.joined_on <= $as_of and coalesce(u.left_on > $as_of, true)
order by
    coalesce(counts.recent, 0) > 0,
    coalesce(counts.overdue, 0) desc,
    counts.late_days desc nulls last,
    u.unit_id
