-- Matters raised at residents' forums within a year before $as_of, or not settled by then: when they were
-- settled or how long they have been open, and the ledger row. Those open first, the oldest first. One row per matter.

select
    m.matter_id,
    m.kind,
    m.matter,
    c.street_code,
    s.street_name,
    m.community_code,
    c.community_name,
    m.held_at,
    m.held_on,
    case when m.settled_on <= $as_of then m.settled_on end as settled_on,
    case when coalesce(m.settled_on > $as_of, true) then $as_of - m.held_on end as open_days,
    f.file_name,
    f.sheet_name,
    m.source_row
from forum_matter as m
join community as c using (community_code)
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = m.source_id
where
    m.held_on <= $as_of
    and (m.held_on > $as_of - interval 1 year or coalesce(m.settled_on > $as_of, true))
order by open_days desc nulls last, m.held_on desc, m.matter_id
