/*
id = "canteen_community_rate"
name = "有幸福食堂的社区占比"
short = "社区有食堂"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
needs = ["station"]
numerator = "月末有幸福食堂开放的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "没有幸福食堂"
none = "各社区都有幸福食堂"
cadence = "每月"
source = "公开报道：搭建幸福食堂、积分超市、时间银行等载体"
mark = "V"
caveat = "邻近社区可共用一个食堂，没有食堂不等于吃不上饭；步行可达见十分钟圈。阵地功能为台账现状。"
moves = { counted = "有食堂", gained = "社区新设食堂", lost = "社区不再有食堂" }
*/
-- communities_served：见 queries/schema/04_stations.sql
select
    community_code as entity_id,
    community_name as entity_name,
    street_code,
    community_code,
    is_served::integer as numerator,
    1 as denominator,
    case when not is_served then '没有开放的幸福食堂' end as reason
from communities_served('幸福食堂', $as_of)
