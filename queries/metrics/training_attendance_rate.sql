/*
id = "training_attendance_rate"
name = "党建训练营到课率"
short = "训练到课率"
group = "帜 组织"
kind = "ratio"
window = "quarter"
level = "street"
unit = "%"
scale = 100
one_row = "一期训练营"
entities = ["training"]
numerator = "实到的岗位"
denominator = "本季度到月末应到的岗位"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 20
lack = "有人没有到课"
none = "应到的都到了"
cadence = "每月"
source = "公开报道：举办“党建训练营”"
mark = "own"
caveat = "只记岗位数，不记姓名；按季度累计，季初的月份期数少。"
moves = { came = "本季度应到", left = "上季度的不再计" }

[[variants]]
id = "year"
name = "本年累计"
window = "year-to-date"
*/
select
    t.training_id as entity_id,
    t.topic || '（' || t.held_on || '）' as entity_name,
    t.street_code,
    null::varchar as community_code,
    t.attended as numerator,
    t.invited as denominator,
    case when t.attended = 0 then '没有人到课' end as reason
from training as t
where t.held_on between $window_start and $as_of
