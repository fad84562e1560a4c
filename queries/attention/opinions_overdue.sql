/*
id = "opinions_overdue"
title = "{street_name}有民情超期未办结"
severity = "紧急"
page = "dictionary"
template = "{items:项}超期未办结，最久的超期 {days:天}（{community_name}，{category}）。"
link = { metric = "opinions_open_overdue", street = "{street_name}" }
*/
select
    c.street_code,
    s.street_name,
    null::varchar as community_code,
    count(*) as items,
    max($as_of - o.due_on) as days,
    arg_min(c.community_name, o.due_on) as community_name,
    arg_min(o.category, o.due_on) as category,
    count(*) as weight
from opinion as o
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where
    o.received_on <= $as_of
    and o.due_on < $as_of
    and coalesce(o.closed_on > $as_of, true)
    and ($community::varchar is null or o.community_code = $community::varchar)
group by c.street_code, s.street_name
