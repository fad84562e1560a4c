-- Matters posted for units to take on, as known on $as_of: who took them, how long they waited and
-- how they stand, with the ledger row. What is not done comes first, the oldest of it. One row per matter.

select
    c.challenge_id,
    c.title,
    c.category,
    c.posted_by,
    c.posted_on,
    case when c.claimed_on <= $as_of then c.mode end as mode,
    case when c.claimed_on <= $as_of then c.claimed_by end as claimed_by,
    case when c.claimed_on <= $as_of then c.claimed_on end as claimed_on,
    least(coalesce(c.claimed_on, $as_of), $as_of) - c.posted_on as unclaimed_days,
    c.due_on,
    case when c.done_on <= $as_of then c.done_on end as done_on,
    case when c.done_on <= $as_of then c.result end as result,
    c.street_code,
    s.street_name,
    c.community_code,
    p.community_name,
    f.file_name,
    f.sheet_name,
    c.source_row
from challenge as c
join street as s using (street_code)
left join community as p on p.community_code = c.community_code
join source_file as f on f.source_id = c.source_id
where c.posted_on <= $as_of
order by coalesce(c.done_on <= $as_of, false), coalesce(c.claimed_on <= $as_of, false), c.posted_on, c.challenge_id
