/*
id = "opinions_overdue"
title = "{place_name}有民情超期未办结"
severity = "紧急"
page = "dictionary"
template = "{items:项}超期未办结，最久的超期{days:天}（{oldest_in}，{category}）。"
link = { metric = "opinions_open_overdue", street = "{street_name}", community = "{community_name}" }
*/
with overdue as (
    select
        c.street_code,
        s.street_name,
        c.community_code,
        c.community_name,
        o.category,
        $as_of - o.due_on as days
    from opinion as o
    join community as c using (community_code)
    join street as s on s.street_code = c.street_code
    where
        o.received_on <= $as_of
        and o.due_on < $as_of
        and coalesce(o.closed_on > $as_of, true)
)
select
    street_code,
    street_name,
    community_code,
    community_name,
    grouping(community_code) = 0 as narrow,
    coalesce(community_name, street_name) as place_name,
    count(*) as items,
    max(days) as days,
    arg_max(community_name, days) as oldest_in,
    arg_max(category, days) as category,
    count(*) as weight
from overdue
group by grouping sets (
    (street_code, street_name),
    (street_code, street_name, community_code, community_name)
)
