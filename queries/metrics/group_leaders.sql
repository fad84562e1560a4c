/*
id = "group_leaders"
name = "楼栋党小组长数"
short = "楼栋组长"
group = "治 共治"
kind = "total"
window = "as-of"
level = "community"
unit = "名"
one_row = "一个楼栋党小组长岗位"
entities = ["building_post"]
numerator = "月末在岗的楼栋党小组长"
direction = "none"
cadence = "每月"
source = "公开报道：楼栋党小组长数"
mark = "V"
caveat = "台账只记岗位，不记人；一人兼两栋按两个岗位计。"
moves = { came = "新任", left = "离任", lost = "离任" }
splits = ["group_leader_rate"]
*/
select
    p.post_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    coalesce(p.until_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when p.until_on <= $as_of then p.until_on || '离岗' end as reason
from building_post as p
join building as b using (building_id)
join community as c on c.community_code = b.community_code
where p.kind = '楼栋党小组长' and p.since_on <= $as_of
