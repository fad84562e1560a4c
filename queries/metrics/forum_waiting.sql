/*
id = "forum_waiting"
name = "议事事项超90天未办成"
short = "议事超90天"
group = "治 共治"
kind = "total"
window = "as-of"
level = "community"
unit = "件"
one_row = "一件月末没有办成的议事事项"
entities = ["forum_matter"]
numerator = "提出超过90天、月末还没有办成的事项"
direction = "down"
cadence = "每月"
source = "由居民议事台账的议事日期与办成日期计"
mark = "own"
caveat = "90天是本系统自定的界限；有的事项不归社区办，看是否已转入民情。"
moves = { came = "新超90天", left = "办成" }

[params]
days = 90

[[variants]]
id = "any"
name = "不论多久"
params = { days = -1 }
*/
select
    m.matter_id as entity_id,
    m.matter || '（' || m.kind || '，' || m.held_on || '）' as entity_name,
    c.street_code,
    m.community_code,
    1 as numerator,
    null::integer as denominator
from forum_matter as m
join community as c using (community_code)
where
    m.held_on <= $as_of
    and $as_of - m.held_on > $days
    and coalesce(m.settled_on > $as_of, true)
