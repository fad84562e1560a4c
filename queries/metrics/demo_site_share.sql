/*
id = "demo_site_share"
name = "有样板示范点的社区占比"
short = "示范社区占比"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
numerator = "月末有市级或区级样板示范点的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "没有样板示范点"
none = "各社区都有样板示范点"
cadence = "每月"
source = "由示范点台账与社区名录计"
mark = "own"
caveat = "示范点是选树出来的，占比不作达标评价。"
moves = { counted = "有示范点", gained = "社区新设示范点", lost = "社区不再有示范点" }

[params]
levels = ["市级", "区级"]

[[variants]]
id = "city"
name = "只算市级"
params = { levels = ["市级"] }
*/
with shown as (
    select distinct community_code
    from demo_site
    where
        list_contains($levels, level)
        and named_on <= $as_of
        and coalesce(revoked_on > $as_of, true)
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    (shown.community_code is not null)::integer as numerator,
    1 as denominator,
    case when shown.community_code is null then '没有示范点' end as reason
from community as c
left join shown on shown.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
