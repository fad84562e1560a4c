-- The drills that were held up to a day, the latest first.

select
    drill_id,
    board,
    strftime(month, '%Y-%m') as month,
    held_on,
    seed,
    weights,
    cohort_year,
    version_id,
    result_digest
from drill_event
where held_on <= $as_of
order by held_on desc, drill_id
