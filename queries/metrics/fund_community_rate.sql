/*
id = "fund_community_rate"
name = "本年有基金支出的社区占比"
short = "基金到社区"
group = "智 服务"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
numerator = "本年到月末有社区基金支出的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "本年没有基金支出"
none = "各社区本年都有基金支出"
cadence = "每月"
source = "本系统自定"
mark = "own"
caveat = "年初必低，宜与上年同月比。"
moves = { counted = "有支出", gained = "社区新有支出", lost = "社区不再有支出" }

[[variants]]
id = "ever"
name = "台账开始以来有过支出"
window = "cumulative"
*/
with funded as (
    select distinct community_code
    from fund_entry
    where direction = '支出' and booked_on between $window_start and $as_of
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    (funded.community_code is not null)::integer as numerator,
    1 as denominator,
    case when funded.community_code is null then '没有支出' end as reason
from community as c
left join funded on funded.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
