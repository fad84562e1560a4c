/*
id = "centre_households"
name = "党员中心户数"
short = "党员中心户"
group = "治 共治"
kind = "total"
window = "as-of"
level = "community"
unit = "家"
one_row = "一家党员中心户"
entities = ["building_post"]
numerator = "月末在册的党员中心户"
direction = "none"
cadence = "每月"
source = "公开报道：党员中心户数"
mark = "V"
caveat = "台账只记所在楼栋，不记户主。"
moves = { came = "新增", left = "退出", lost = "退出" }
splits = ["centre_household_density"]
*/
select
    p.post_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    coalesce(p.until_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when p.until_on <= $as_of then p.until_on || '退出' end as reason
from building_post as p
join building as b using (building_id)
join community as c on c.community_code = b.community_code
where p.kind = '党员中心户' and p.since_on <= $as_of
