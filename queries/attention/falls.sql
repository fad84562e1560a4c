/*
id = "falls"
kind = "指标变差较多"
title = "{street_name}{metric_name}{side}"
severity = "关注"
page = "dictionary"
tab = "为什么变"
template = "{turn}至{text}（{fraction}），{change_text}。"
ask = "查明{street_name}{metric_name}{turn}至{text}（{fraction}）的原因，提出改进措施"
link = { metric = "{metric_id}", street = "{street_name}" }

[params]
points = 3
fewest = 20
*/
-- `change` is missing where the two months do not count alike, as in January.
select
    metric_id,
    metric_name,
    street_code,
    street_name,
    null::varchar as community_code,
    case when change > 0 then '上升' else '下降' end as side,
    case when change > 0 then '升' else '降' end as turn,
    text,
    fraction,
    change_text,
    abs(change) as weight
from street_figures($figures)
where
    kind = 'ratio'
    and unit = '%'
    and denominator >= $fewest
    and case direction when 'up' then -change when 'down' then change end >= $points
