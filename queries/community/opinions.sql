-- Opinion items as known on $as_of: those in hand, and those closed within ninety
-- days before; at which tier they are or were closed, working days overdue, and the ledger row. Overdue ones
-- first, the longest first, then those in hand, then what was closed last. One row per item.

with placed as (
    select opinion_id, arg_max(tier, step) as tier
    from opinion_event
    where happened_on <= $as_of
    group by opinion_id
),
known as (
    select
        *,
        coalesce(closed_on > $as_of, true) as is_open,
        is_overdue(due_on, closed_on, $as_of) as is_late
    from opinion
    where received_on <= $as_of
)
select
    o.community_code,
    o.opinion_id,
    o.category,
    o.channel,
    case when o.is_late then '逾期' when o.is_open then '在办' else '已办结' end as state,
    coalesce(case when not o.is_open then o.closed_tier end, placed.tier) as tier,
    o.received_on,
    o.due_on,
    case when not o.is_open then o.closed_on end as closed_on,
    case
        when o.is_late then overdue_workdays_words(o.due_on, $as_of, today.worked_days - due.worked_days)
    end as late,
    f.file_name,
    f.sheet_name,
    o.source_row
from known as o
join source_file as f on f.source_id = o.source_id
left join placed using (opinion_id)
left join working_day as due on due.day = o.due_on
left join working_day as today on today.day = $as_of
where o.is_open or $as_of - o.closed_on < 90
order by o.is_late desc, o.is_open desc, case when o.is_open then o.due_on end, o.closed_on desc, o.opinion_id
