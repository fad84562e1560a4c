/*
id = "full_communities_rate"
name = "四创清单全部达标的社区占比"
short = "全达标社区"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
needs = ["full_community_check"]
numerator = "最近一次核查适用条目全部达标的社区"
denominator = "月末在名录中、核查过的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "四创清单没有全部达标"
none = "各社区四创清单全部达标"
cadence = "每月"
source = "由四创清单核查台账计"
mark = "own"
caveat = "一项不达标即不计，故远低于条目达标率。"
moves = { counted = "全部达标", gained = "社区转为全部达标", lost = "社区不再全部达标" }
splits = ["full_items_rate"]

[params]
dimensions = ["完整社区", "幸福社区", "文明社区", "平安社区"]

[[variants]]
id = "complete"
name = "只看完整社区"
params = { dimensions = ["完整社区"] }
*/
-- full_community_standing：见 queries/schema/10_renewal.sql
with counted as (
    select
        k.community_code,
        count(*) filter (k.result = '未达标') as lacking
    from full_community_standing($as_of) as k
    join full_community_item as i using (item_id)
    where list_contains($dimensions, i.dimension)
    group by k.community_code
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    (counted.lacking = 0)::integer as numerator,
    1 as denominator,
    case when counted.lacking > 0 then '缺' || counted.lacking || '项' end as reason
from counted
join community as c using (community_code)
