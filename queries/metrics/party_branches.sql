/*
id = "party_branches"
name = "小区（片区）党支部数"
short = "小区党支部"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一个小区（片区）党支部"
entities = ["party_branch"]
numerator = "月末在册的小区（片区）党支部"
direction = "none"
cadence = "每月"
source = "公开报道：小区(片区)党支部数"
mark = "V"
caveat = "一个支部可覆盖数个小区，支部数不等于小区数。"
moves = { came = "新建", left = "撤销", lost = "撤销" }
*/
select
    branch_id as entity_id,
    branch_name as entity_name,
    street_code,
    community_code,
    coalesce(dissolved_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when dissolved_on <= $as_of then '已撤销' end as reason
from party_branch
join community using (community_code)
where established_on <= $as_of
