-- Courses of the training camp from $window_start to $as_of, with the ledger row. One row per course.

select
    t.training_id,
    t.held_on,
    t.level,
    t.topic,
    t.hours,
    t.invited,
    t.attended,
    t.street_code,
    s.street_name,
    null::varchar as community_code,
    f.file_name,
    f.sheet_name,
    t.source_row
from training as t
left join street as s using (street_code)
join source_file as f on f.source_id = t.source_id
where t.held_on between $window_start and $as_of
order by t.held_on desc, t.training_id
