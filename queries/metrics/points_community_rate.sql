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
with served as (
    select distinct s.community_code
    from station as s
    join station_function as f using (station_id)
    where
        f.function = '积分超市'
        and s.opened_on <= $as_of
        and coalesce(s.closed_on > $as_of, true)
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    (served.community_code is not null)::integer as numerator,
    1 as denominator,
    case when served.community_code is null then '没有开放的积分超市' end as reason
from community as c
left join served on served.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
