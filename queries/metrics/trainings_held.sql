/*
id = "trainings_held"
name = "党建训练营期数"
short = "训练营"
group = "帜 组织"
kind = "total"
window = "year-to-date"
level = "street"
unit = "期"
one_row = "一期训练营"
entities = ["training"]
numerator = "本年到月末举办的训练营"
direction = "none"
cadence = "每月"
source = "公开报道：举办“党建训练营”"
mark = "V"
caveat = "区办的不归街道；期数多不等于学得好，不评高低。"
moves = { came = "新举办", left = "上年的不再计" }

[[variants]]
id = "quarter"
name = "本季度累计"
window = "quarter"

[[variants]]
id = "month"
name = "只计当月"
window = "month"
*/
select
    t.training_id as entity_id,
    t.topic || '（' || t.held_on || '）' as entity_name,
    t.street_code,
    null::varchar as community_code,
    1 as numerator,
    null::integer as denominator
from training as t
where t.held_on between $window_start and $as_of
