/*
id = "full_items_rate"
name = "四创清单条目达标率"
short = "四创达标率"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "月末在名录中的一个社区的一个条目（最近一次核查）"
entities = ["full_community_check"]
needs = ["full_community_check"]
numerator = "最近一次核查达标的条目"
denominator = "最近一次核查适用的条目"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 5
lack = "没有达标"
none = "四创条目全部达标"
cadence = "每月"
source = "完整社区按《完整居住社区建设标准（试行）》6领域20项（数目已查到，条目与数值未核对原文）；幸福、文明、平安社区的条目未见公开文件"
mark = "R"
caveat = "条目与标准可在字典台账里改；四个维度的条目数不同，合计时条目多的维度占得多。"
moves = { came = "新核查", counted = "达标", gained = "转为达标", lost = "转为不达标", left = "上次核查的不再计" }

[params]
dimensions = ["完整社区", "幸福社区", "文明社区", "平安社区"]

[[variants]]
id = "complete"
name = "只看完整社区"
params = { dimensions = ["完整社区"] }

[[variants]]
id = "happy"
name = "只看幸福社区"
params = { dimensions = ["幸福社区"] }

[[variants]]
id = "civil"
name = "只看文明社区"
params = { dimensions = ["文明社区"] }

[[variants]]
id = "safe"
name = "只看平安社区"
params = { dimensions = ["平安社区"] }
*/
-- full_community_standing：见 queries/schema/10_renewal.sql
select
    k.check_id as entity_id,
    c.community_name || '·' || i.item_name as entity_name,
    c.street_code,
    k.community_code,
    (k.result = '达标')::integer as numerator,
    (k.result <> '不适用')::integer as denominator,
    case
        when k.result = '不适用' then '不适用'
        when k.result = '未达标'
            then '未达标' || coalesce('，实测' || k.measured || i.unit, '')
    end as reason
from full_community_standing($as_of) as k
join full_community_item as i using (item_id)
join community as c using (community_code)
where list_contains($dimensions, i.dimension)
