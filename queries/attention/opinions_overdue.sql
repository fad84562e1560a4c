/*
id = "opinions_overdue"
kind = "民情逾期未办结"
title = "{place_name}民情逾期未办结"
severity = "紧急"
page = "dictionary"
template = "民情{items:项}到期未办结，{late}（{oldest_in}，{category}）。"
ask = "办结{place_name}到期未办结的民情{items:项}（{late}）"
link = { metric = "opinions_open_overdue", street = "{street_name}", community = "{community_name}" }
*/
with overdue as (
    select
        c.street_code,
        s.street_name,
        c.community_code,
        c.community_name,
        o.opinion_id,
        o.category,
        o.due_on,
        today.worked_days - due.worked_days as late_workdays
    from opinion as o
    join community as c using (community_code)
    join street as s on s.street_code = c.street_code
    left join working_day as due on due.day = o.due_on
    left join working_day as today on today.day = $as_of
    where o.received_on <= $as_of and is_overdue(o.due_on, o.closed_on, $as_of)
)
select
    street_code,
    street_name,
    community_code,
    community_name,
    grouping(community_code) = 0 as narrow,
    coalesce(community_name, street_name) as place_name,
    count(*) as items,
    case when count(*) > 1 then '最久的' else '' end
        || overdue_workdays_words(min(due_on), $as_of, max(late_workdays))
        -- The rates count from the first of January on.
        || case count(*) filter (where due_on < date_trunc('year', $as_of))
            when 0 then ''
            when count(*) then '，往年到期'
            else '，其中'
                || count(*) filter (where due_on < date_trunc('year', $as_of))
                || '项往年到期'
        end as late,
    first(community_name order by due_on, opinion_id) as oldest_in,
    first(category order by due_on, opinion_id) as category,
    count(*) as weight
from overdue
group by grouping sets (
    (street_code, street_name),
    (street_code, street_name, community_code, community_name)
)
