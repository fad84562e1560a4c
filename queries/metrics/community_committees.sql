/*
id = "community_committees"
name = "社区大党委数"
short = "社区大党委"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一个社区大党委"
entities = ["party_committee"]
numerator = "月末在册的社区大党委"
direction = "none"
cadence = "每月"
source = "公开报道：社区大党委数"
mark = "V"
caveat = "社区名录会变动，与往年比较要看名录。"
moves = { came = "新建", left = "撤销", lost = "撤销" }
*/
select
    committee_id as entity_id,
    committee_name as entity_name,
    street_code,
    community_code,
    coalesce(dissolved_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when dissolved_on <= $as_of then '已撤销' end as reason
from party_committee
where level = '社区大党委' and established_on <= $as_of
