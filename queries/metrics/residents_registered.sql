/*
id = "residents_registered"
name = "楼栋台账居民数"
short = "在册居民"
group = "智 服务"
kind = "total"
window = "as-of"
level = "community"
unit = "人"
one_row = "一栋住宅楼"
entities = ["building"]
numerator = "住宅楼栋登记的居民"
direction = "none"
cadence = "按楼栋台账更新"
source = "楼栋台账；可与普查人口对照"
mark = "V"
caveat = "楼栋台账为现状，没有历史，各月相同。是覆盖率一类指标的人口底数。"
moves = { came = "新建楼栋居民", left = "拆除楼栋居民", gained = "居民增加{n}", lost = "居民减少{n}" }
*/
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    b.residents as numerator,
    null::integer as denominator,
    case when b.residents = 0 then '登记居民为0' end as reason
from building as b
join community as c using (community_code)
