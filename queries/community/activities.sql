-- Activities held in communities within a year before $as_of, and the ledger row. The latest first. One
-- row per activity.

select
    a.community_code,
    a.activity_id,
    a.held_on,
    a.kind,
    a.title,
    a.theme,
    a.attendees,
    f.file_name,
    f.sheet_name,
    a.source_row
from activity as a
join source_file as f on f.source_id = a.source_id
where
    a.community_code is not null
    and a.held_on <= $as_of
    and a.held_on > $as_of - interval 1 year
order by a.held_on desc, a.activity_id
