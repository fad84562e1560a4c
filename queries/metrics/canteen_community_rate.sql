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
with served as (
    select distinct s.community_code
    from station as s
    join station_function as f using (station_id)
    where
        f.function = '幸福食堂'
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
    case when served.community_code is null then '没有开放的幸福食堂' end as reason
from community as c
left join served on served.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
