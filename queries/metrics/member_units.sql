/*
id = "member_units"
name = "大工委、大党委成员单位数"
short = "成员单位"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "community"
unit = "家"
one_row = "一家成员单位"
entities = ["member_unit"]
numerator = "月末在册的成员单位（街道大工委与社区大党委合计）"
direction = "none"
cadence = "每月"
source = "公开报道：街道大工委、社区大党委吸纳成员单位"
mark = "V"
caveat = "这是成员数，不是履约数；街道大工委的成员单位不归任何社区。"
moves = { came = "新加入", left = "退出", lost = "退出" }
splits = ["committee_unit_rate"]
*/
select
    u.unit_id as entity_id,
    u.unit_name as entity_name,
    p.street_code,
    p.community_code,
    coalesce(u.left_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when u.left_on <= $as_of then '已退出' end as reason
from member_unit as u
join party_committee as p using (committee_id)
where u.joined_on <= $as_of
