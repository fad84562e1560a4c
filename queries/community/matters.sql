-- Matters raised at forums up to $as_of, when they were settled, how long the others have been
-- open, and the ledger row. Those open first, the oldest first. One row per matter.

select
    m.community_code,
    m.matter_id,
    m.kind,
    m.matter,
    m.held_at,
    m.held_on,
    case when m.settled_on <= $as_of then m.settled_on end as settled_on,
    case when coalesce(m.settled_on > $as_of, true) then $as_of - m.held_on end as open_days,
    f.file_name,
    f.sheet_name,
    m.source_row
from forum_matter as m
join source_file as f on f.source_id = m.source_id
where m.held_on <= $as_of
order by open_days desc nulls last, m.held_on desc, m.matter_id
