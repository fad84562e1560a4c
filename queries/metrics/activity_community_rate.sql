/*
id = "activity_community_rate"
name = "当月办过活动的社区占比"
short = "社区有活动"
group = "智 服务"
kind = "ratio"
window = "month"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
needs = ["activity"]
numerator = "当月在本社区办过活动的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "没有办过活动"
none = "各社区都办过活动"
cadence = "每月"
source = "本系统自定"
mark = "own"
caveat = "只看有没有办，不看办得好不好；街道办的活动不算到社区。"
moves = { counted = "办了活动", gained = "社区转为办了活动", lost = "社区转为没有办活动" }

[[variants]]
id = "quarter"
name = "本季度办过活动"
window = "quarter"

[[variants]]
id = "year"
name = "本年办过活动"
window = "year-to-date"
*/
with held as (
    select community_code, count(*) as times
    from activity
    where held_on between $window_start and $as_of and community_code is not null
    group by community_code
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    (held.times is not null)::integer as numerator,
    1 as denominator,
    case when held.times is null then '没有登记活动' end as reason
from community as c
left join held on held.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
