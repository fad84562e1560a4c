/*
id = "branch_tail_rate"
name = "有党员中心户的支部占比"
short = "支部有中心户率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个小区（片区）党支部"
entities = ["party_branch"]
needs = ["building_post"]
numerator = "月末至少有一家党员中心户的支部"
denominator = "月末在册的小区（片区）党支部"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有党员中心户"
none = "各支部都有党员中心户"
cadence = "每月"
source = "本系统自定，从“区、街、社区、小区、党员中心户逐级联系到底”而来"
mark = "own"
caveat = "按支部覆盖的小区里的楼栋骨干台账统计；只看有没有，不看有没有人包保。"
moves = { came = "新建", left = "撤销", counted = "有中心户", gained = "支部有了中心户", lost = "支部不再有中心户" }
splits = ["neighbourhood_tail_rate"]
*/
select
    b.branch_id as entity_id,
    b.branch_name as entity_name,
    c.street_code,
    b.community_code,
    (count(p.post_id) > 0)::integer as numerator,
    1 as denominator,
    case when count(p.post_id) = 0 then '覆盖的小区没有党员中心户' end as reason
from party_branch as b
join community as c using (community_code)
left join branch_neighbourhood as link on link.branch_id = b.branch_id
left join building as h on h.neighbourhood_id = link.neighbourhood_id
left join building_post as p
    on p.building_id = h.building_id
    and p.kind = '党员中心户'
    and p.since_on <= $as_of
    and coalesce(p.until_on > $as_of, true)
where b.established_on <= $as_of and coalesce(b.dissolved_on > $as_of, true)
group by b.branch_id, b.branch_name, c.street_code, b.community_code
