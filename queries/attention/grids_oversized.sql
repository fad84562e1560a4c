/*
id = "grids_oversized"
kind = "网格户数超上限"
title = "{community_name}{grid_name}超过{highest:户}"
severity = "提示"
page = "dictionary"
template = "现有{households:户}，比上限{highest:户}多{over:户}，可考虑拆分。"
ask = "研究拆分{community_name}{grid_name}（现有{households:户}，超过上限{highest:户}）"
link = { metric = "grid_compliance", street = "{street_name}", community = "{community_name}" }

[params]
highest = 500
*/
select
    g.grid_name,
    c.street_code,
    s.street_name,
    g.community_code,
    c.community_name,
    g.households,
    $highest as highest,
    g.households - $highest as over,
    g.households - $highest as weight
from grid_unit as g
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where
    g.set_on <= $as_of
    and coalesce(g.merged_on > $as_of, true)
    and g.households > $highest
