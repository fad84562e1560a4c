/*
id = "points_community_rate"
name = "有积分超市的社区占比"
short = "有积分超市"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
needs = ["station"]
numerator = "月末有积分超市开放的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "没有积分超市"
none = "各社区都有积分超市"
cadence = "每月"
source = "公开报道：搭建幸福食堂、积分超市、时间银行等载体"
mark = "V"
caveat = "邻近社区可共用一处；步行可达见十分钟圈。阵地功能为台账现状。"
moves = { counted = "有积分超市", gained = "社区新设积分超市", lost = "社区不再有积分超市" }
*/
-- communities_served：见 queries/schema/04_stations.sql
select
    community_code as entity_id,
    community_name as entity_name,
    street_code,
    community_code,
    is_served::integer as numerator,
    1 as denominator,
    case when not is_served then '没有开放的积分超市' end as reason
from communities_served('积分超市', $as_of)
