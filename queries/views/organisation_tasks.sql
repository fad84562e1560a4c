-- Tasks of the six actions as known on $as_of: planned, done, how they stand, and the ledger row. The
-- longest overdue first, then those due next, then those done. One row per task.

select
    t.action,
    t.title,
    t.lead_unit,
    t.planned_on,
    case when t.done_on <= $as_of then t.done_on end as done_on,
    t.planned_on <= $as_of as is_due,
    case
        when t.done_on <= least(t.planned_on, $as_of) then '按期完成'
        when t.done_on <= $as_of then late_words(t.planned_on, t.done_on) || '完成'
        when t.planned_on <= $as_of then overdue_words(t.planned_on, $as_of)
        else '未到期'
    end as state,
    case
        when t.done_on <= $as_of then '完成'
        when t.planned_on <= $as_of then '逾期'
        else '未到期'
    end as standing,
    f.file_name,
    f.sheet_name,
    t.source_row
from action_task as t
join source_file as f on f.source_id = t.source_id
order by
    coalesce(t.done_on <= $as_of, false),
    case when coalesce(t.done_on <= $as_of, false) then null else t.planned_on end,
    t.planned_on desc,
    t.task_id
