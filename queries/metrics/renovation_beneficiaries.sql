/*
id = "renovation_beneficiaries"
name = "老旧小区改造惠及居民（累计人次）"
short = "惠及人次"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "人次"
one_row = "一个已确认受益的改造项目"
entities = ["beneficiary"]
numerator = "到月末已确认项目的累计受益人次"
direction = "none"
cadence = "每月"
source = "公开报道：老旧小区改造惠及居民"
mark = "V"
caveat = "按累计人次计，一人受益几次计几次；另列去重人数。"
moves = { came = "新惠及" }
*/
select
    b.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    b.cumulative_residents as numerator,
    null::integer as denominator
from beneficiary as b
join renovation_project as p using (project_id)
join community as c using (community_code)
where b.confirmed_on <= $as_of
