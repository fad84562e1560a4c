/*
id = "brand_rate"
name = "有党建品牌的街道、社区占比"
short = "品牌覆盖率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个街道大工委或社区大党委"
entities = ["party_committee"]
needs = ["brand"]
numerator = "月末有党建品牌的大工委、大党委"
denominator = "月末在册的大工委、大党委"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有党建品牌"
none = "各街道、社区都有党建品牌"
cadence = "每月"
source = "本系统自定，从“一街道一品牌、一社区一特色”而来"
mark = "own"
caveat = "有品牌不等于有成效；品牌、入选名单都不进任何评分。"
moves = { came = "新建", left = "撤销", counted = "有品牌", gained = "确立品牌", lost = "品牌终止，没有接续" }

[params]
levels = ["街道大工委", "社区大党委"]

[[variants]]
id = "streets"
name = "只看街道"
params = { levels = ["街道大工委"] }

[[variants]]
id = "communities"
name = "只看社区"
params = { levels = ["社区大党委"] }
*/
select
    p.committee_id as entity_id,
    p.committee_name as entity_name,
    p.street_code,
    p.community_code,
    (count(b.brand_id) filter (coalesce(b.ended_on > $as_of, true)) > 0)::integer as numerator,
    1 as denominator,
    case
        when count(b.brand_id) = 0 then '从未有过品牌'
        when count(b.brand_id) filter (coalesce(b.ended_on > $as_of, true)) = 0
            then '品牌已于' || max(b.ended_on) || '终止'
    end as reason
from party_committee as p
left join brand as b
    on b.street_code = p.street_code
    and b.community_code is not distinct from p.community_code
    and b.declared_on <= $as_of
where
    p.established_on <= $as_of
    and coalesce(p.dissolved_on > $as_of, true)
    and list_contains($levels, p.level)
group by p.committee_id, p.committee_name, p.street_code, p.community_code
