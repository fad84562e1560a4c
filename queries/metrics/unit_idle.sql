/*
id = "unit_idle"
name = "一年内没有承诺的成员单位占比"
short = "无承诺单位"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一家成员单位"
entities = ["member_unit"]
needs = ["pledge"]
numerator = "最近12个月没有作出承诺的成员单位"
denominator = "月末在册的成员单位"
numerator_unit = "家"
denominator_unit = "家"
direction = "down"
fewest = 5
lack = "一年内没有承诺"
none = "各成员单位一年内都有承诺"
cadence = "每月"
source = "本系统自定，从成员单位数而来：加入只是第一步"
mark = "own"
caveat = "只看有没有承诺，不看兑现没有；几个月算无承诺可以另定，刚加入的单位也计。"
moves = { came = "新加入", left = "退出", counted = "没有承诺", gained = "满一年没有新承诺", lost = "有了承诺" }

[params]
within_months = 12

[[variants]]
id = "ever"
name = "从未有过承诺"
params = { within_months = 1200 }
*/
select
    u.unit_id as entity_id,
    u.unit_name as entity_name,
    c.street_code,
    c.community_code,
    (count(p.pledge_id) = 0)::integer as numerator,
    1 as denominator,
    case when count(p.pledge_id) > 0 then '承诺' || count(p.pledge_id) || '项' end as reason
from member_unit as u
join party_committee as c using (committee_id)
left join pledge as p
    on p.unit_id = u.unit_id
    and p.promised_on <= $as_of
    and p.promised_on > $as_of - to_months($within_months)
where u.joined_on <= $as_of and coalesce(u.left_on > $as_of, true)
group by u.unit_id, u.unit_name, c.street_code, c.community_code
