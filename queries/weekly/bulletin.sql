-- The bulletin of the week that begins on $first, with its ledger row, and how many working days the
-- days from $first to $last and the seven before $first have (null where a year's are not published).
-- One row.

with days as (
    select
        day >= $first as is_now,
        sum(is_worked::integer) as worked,
        bool_and(is_published) as is_published
    from working_day
    where day between $first - 7 and $last
    group by all
),
own as (select * from bulletin where week_start = $first)
select
    own.issue,
    own.issued_on,
    f.file_name,
    f.sheet_name,
    own.source_row,
    (select worked from days where is_now and is_published) as workdays,
    (select worked from days where not is_now and is_published) as workdays_before
from (select 1) as one
left join own on true
left join source_file as f on f.source_id = own.source_id
