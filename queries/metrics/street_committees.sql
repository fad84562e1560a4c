/*
id = "street_committees"
name = "街道大工委数"
short = "街道大工委"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "street"
unit = "个"
one_row = "一个街道大工委"
entities = ["party_committee"]
numerator = "月末在册的街道大工委"
direction = "none"
cadence = "每月"
source = "公开报道：街道大工委数"
mark = "V"
caveat = "只看是否成立，不看是否开展工作。"
moves = { came = "新建", left = "撤销", lost = "撤销" }
*/
select
    committee_id as entity_id,
    committee_name as entity_name,
    street_code,
    null::varchar as community_code,
    coalesce(dissolved_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when dissolved_on <= $as_of then '已撤销' end as reason
from party_committee
where level = '街道大工委' and established_on <= $as_of
