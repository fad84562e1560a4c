/*
id = "pledges_overdue"
name = "逾期未兑现的承诺"
short = "逾期承诺"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "community"
unit = "项"
one_row = "成员单位的一项已到期的承诺"
entities = ["pledge"]
numerator = "应兑现日期已到、月末仍未兑现的承诺"
direction = "down"
cadence = "每月"
source = "由成员单位承诺台账的应兑现日期与兑现日期计"
mark = "own"
caveat = "单位退出后没有兑现的承诺不再计。"
moves = { came = "新逾期", gained = "新逾期", left = "兑现或单位退出", lost = "兑现" }
*/
select
    p.pledge_id as entity_id,
    u.unit_name || '·' || p.content || '（' || p.due_on || '到期）' as entity_name,
    c.street_code,
    c.community_code,
    is_overdue(p.due_on, p.delivered_on, $as_of)::integer as numerator,
    null::integer as denominator,
    case when p.delivered_on <= $as_of then '已于' || p.delivered_on || '兑现' end as reason
from pledge as p
join member_unit as u using (unit_id)
join party_committee as c using (committee_id)
where p.due_on <= $as_of and coalesce(u.left_on > $as_of, true)
