-- Matters that meetings handed out up to $as_of, as known then: to whom, when due, how they stand, and the
-- ledger row. The longest overdue first, then those due next, then those done. One row per matter.

select
    a.assignment_id,
    a.title,
    a.unit,
    a.issued_on,
    a.due_on,
    case when a.done_on <= $as_of then a.done_on end as done_on,
    case
        when a.done_on <= least(a.due_on, $as_of) then '按期完成'
        when a.done_on <= $as_of then late_words(a.due_on, a.done_on) || '完成'
        else coalesce(overdue_words(a.due_on, $as_of), '在办')
    end as state,
    case
        when a.done_on <= $as_of then '完成'
        when is_overdue(a.due_on, a.done_on, $as_of) then '逾期'
        else '在办'
    end as standing,
    a.result,
    a.basis,
    a.snapshot_id,
    a.street_code,
    s.street_name,
    a.community_code,
    c.community_name,
    f.file_name,
    f.sheet_name,
    a.source_row
from assignment as a
left join street as s on s.street_code = a.street_code
left join community as c on c.community_code = a.community_code
join source_file as f on f.source_id = a.source_id
where a.issued_on <= $as_of
order by
    coalesce(a.done_on <= $as_of, false),
    case when coalesce(a.done_on <= $as_of, false) then null else a.due_on end,
    a.done_on desc,
    a.assignment_id
