-- How matters that a meeting handed out ($asked: structs of id and the day they were due) stand on $day by
-- the ledger: done, overdue, due and not in it, or in hand. One row per matter.

with asked as (select unnest($asked, recursive := true)),
due as (select assignment_id, due_on::date as due_on, $day::date as on_day from asked)
select
    due.assignment_id,
    case
        when a.assignment_id is null and due.due_on <= due.on_day then '未反馈'
        when a.done_on <= due.on_day then '完成'
        when is_overdue(due.due_on, a.done_on, due.on_day) then '逾期'
        else '在办'
    end as standing,
    case
        when a.done_on <= due.on_day and a.done_on > due.due_on then late_words(due.due_on, a.done_on)
        when not coalesce(a.done_on <= due.on_day, false) then overdue_words(due.due_on, due.on_day)
    end as late,
    case when a.done_on <= due.on_day then a.done_on end as done_on,
    a.result
from due
left join assignment as a on a.assignment_id = due.assignment_id
