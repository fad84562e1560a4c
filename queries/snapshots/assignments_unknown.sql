-- The same where the version has no such ledger: nothing was reported of what is due. One row per matter.

with asked as (select unnest($asked, recursive := true))
select
    assignment_id,
    case when due_on::date <= $day::date then '未反馈' else '在办' end as standing,
    overdue_words(due_on::date, $day::date) as late,
    null::date as done_on,
    null::varchar as result
from asked
