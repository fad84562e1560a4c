/*
id = "renovation_unique_beneficiaries"
name = "老旧小区改造惠及居民（去重人数）"
short = "惠及人数"
group = "智 更新"
kind = "total"
window = "cumulative"
level = "community"
unit = "人"
one_row = "一个已确认受益的改造项目"
entities = ["beneficiary"]
numerator = "到月末已确认项目的去重受益人数"
direction = "none"
cadence = "每月"
source = "由旧改受益台账的去重人数计"
mark = "own"
caveat = "同一小区的后一项目只应写新增受益的居民；合计多于居民的小区由数据质量规则查出。"
moves = { came = "新惠及" }
*/
select
    b.project_id as entity_id,
    p.project_name as entity_name,
    c.street_code,
    p.community_code,
    b.unique_residents as numerator,
    null::integer as denominator
from beneficiary as b
join renovation_project as p using (project_id)
join community as c using (community_code)
where b.confirmed_on <= $as_of
