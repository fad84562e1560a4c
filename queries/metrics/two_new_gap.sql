/*
id = "two_new_gap"
name = "两新组织应建未建数"
short = "应建未建"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "community"
unit = "家"
one_row = "一家运营中的两新组织"
entities = ["two_new_org"]
numerator = "月末运营中、没有单独也没有联合组建党组织的两新组织"
direction = "down"
cadence = "每月"
source = "两新组织覆盖率的分母减去分子"
mark = "V"
caveat = "工作覆盖不算组建。台账没有党员人数，不足3名正式党员的可以联合组建，所以这里是待建的上限，不是欠账。"
moves = { came = "新开办", left = "注销", gained = "不再有党组织{n}", lost = "新建党组织{n}" }

[params]
covers = ["单独组建", "联合组建"]

[[variants]]
id = "bare"
name = "只计连工作也没有覆盖的"
params = { covers = ["单独组建", "联合组建", "工作覆盖"] }
*/
select
    o.org_id as entity_id,
    o.org_name as entity_name,
    c.street_code,
    o.community_code,
    1 - (list_contains($covers, o.cover) and o.covered_on <= $as_of)::integer as numerator,
    null::integer as denominator,
    case when list_contains($covers, o.cover) and o.covered_on <= $as_of then o.cover end as reason
from two_new_org as o
join community as c using (community_code)
where o.opened_on <= $as_of and coalesce(o.closed_on > $as_of, true)
