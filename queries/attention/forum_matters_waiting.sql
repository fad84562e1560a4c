/*
id = "forum_matters_waiting"
kind = "议事事项久未办成"
title = "{place_name}议事事项久未办成"
severity = "提示"
page = "dictionary"
template = "居民议事提出的{items:件}事项超过90天没有办成，最久的是{matter}（{kind}，{held_on}）。"
ask = "办成{place_name}议事超过90天没有办成的{items:件}事项"
link = { metric = "forum_waiting", street = "{street_name}", community = "{community_name}" }
*/
with waiting as (
    select
        c.street_code,
        s.street_name,
        c.community_code,
        c.community_name,
        m.matter_id,
        m.kind,
        m.matter,
        m.held_on
    from forum_matter as m
    join community as c using (community_code)
    join street as s on s.street_code = c.street_code
    where m.held_on <= $as_of and $as_of - m.held_on > 90 and coalesce(m.settled_on > $as_of, true)
)
select
    street_code,
    street_name,
    community_code,
    community_name,
    grouping(community_code) = 0 as narrow,
    coalesce(community_name, street_name) as place_name,
    count(*) as items,
    first(matter order by held_on, matter_id) as matter,
    first(kind order by held_on, matter_id) as kind,
    strftime(min(held_on), '%Y年%-m月%-d日') as held_on,
    count(*) as weight
from waiting
group by grouping sets (
    (street_code, street_name),
    (street_code, street_name, community_code, community_name)
)
