/*
id = "community_station_rate"
name = "有社区级阵地的社区占比"
short = "社区有阵地"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
numerator = "月末有社区级阵地开放的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有社区级阵地"
none = "各社区都有社区级阵地"
target = 100
amber = 98
target_source = "“街道、社区、小区、集聚区党群服务矩阵”应当每社区有；本系统默认值"
cadence = "每月"
source = "本系统自定"
mark = "own"
caveat = "只看有没有，不看走不走得到；步行可达见十分钟圈。"
moves = { counted = "有阵地", gained = "社区新设社区级阵地", lost = "社区不再有社区级阵地" }
splits = ["area_norm_rate", "canteen_community_rate"]
*/
with served as (
    select distinct community_code
    from station
    where level = '社区' and opened_on <= $as_of and coalesce(closed_on > $as_of, true)
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    (served.community_code is not null)::integer as numerator,
    1 as denominator,
    case when served.community_code is null then '没有开放的社区级阵地' end as reason
from community as c
left join served on served.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
