/*
id = "opinion_satisfied_rate"
name = "民情满意率"
short = "满意率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年回访接通的社情民意"
entities = ["opinion"]
needs = ["opinion_callback"]
numerator = "回访说满意的事项"
denominator = "本年到月末回访接通的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "回访说不满意"
none = "回访的民情都满意"
target = 90
amber = 85
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "民情回访台账"
mark = "own"
caveat = "只算回访接通的；没有回访、没有接通的不知道是否满意，不计入。"
moves = { came = "新回访接通", counted = "回访说满意", gained = "回访说满意", left = "上年的不再计" }
*/
-- opinions_reached：见 queries/schema/05_governance.sql
select
    opinion_id as entity_id,
    opinion_name as entity_name,
    street_code,
    community_code,
    is_satisfied::integer as numerator,
    1 as denominator,
    case when not is_satisfied then '回访说不满意' end as reason
from opinions_reached($window_start, $as_of)
