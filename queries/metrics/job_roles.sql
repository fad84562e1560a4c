/*
id = "job_roles"
name = "新就业群体五类岗位在岗数"
short = "五类岗位"
group = "治 共治"
kind = "total"
window = "as-of"
level = "community"
unit = "岗"
one_row = "一个岗位的一任"
entities = ["new_job_role"]
numerator = "月末在岗的街坊主播、小巷顾问、兼职管家、网格助理、一线监理"
direction = "none"
cadence = "每月"
source = "公开报道：聘请新就业群体担任五类岗位"
mark = "V"
caveat = "只记岗位，不记姓名；没有应设数，所以不算到岗率。"
moves = { came = "新聘", left = "离岗" }
*/
select
    p.post_id as entity_id,
    p.role || '（' || p.post_id || '）' as entity_name,
    c.street_code,
    p.community_code,
    1 as numerator,
    null::integer as denominator
from new_job_role as p
join community as c using (community_code)
where p.filled_on <= $as_of and coalesce(p.vacated_on > $as_of, true)
