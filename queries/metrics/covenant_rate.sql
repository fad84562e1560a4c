/*
id = "covenant_rate"
name = "有居民公约的社区占比"
short = "有居民公约"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
needs = ["covenant"]
numerator = "月末有居民公约的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有居民公约"
none = "各社区都有居民公约"
cadence = "每月"
source = "公开报道：监督维护居民公约"
mark = "V"
caveat = "只看有没有有效的公约，不看是否管用；“近三年通过”一法看是否久未修订。"
moves = { counted = "有公约", gained = "通过公约", lost = "公约废止，没有新的" }

[params]
years = 100

[[variants]]
id = "recent"
name = "只算近三年通过的"
params = { years = 3 }
*/
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    coalesce(
        bool_or(v.ended_on is null or v.ended_on > $as_of)
        filter (v.adopted_on > $as_of - to_years($years)),
        false
    )::integer as numerator,
    1 as denominator,
    case
        when count(v.covenant_id) = 0 then '从未有过居民公约'
        when bool_and(coalesce(v.ended_on <= $as_of, false)) then '公约已于' || max(v.ended_on) || '废止'
        when max(v.adopted_on) <= $as_of - to_years($years) then '公约通过于' || max(v.adopted_on)
    end as reason
from community as c
left join covenant as v on v.community_code = c.community_code and v.adopted_on <= $as_of
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
group by c.community_code, c.community_name, c.street_code
