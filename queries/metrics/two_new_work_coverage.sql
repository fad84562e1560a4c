/*
id = "two_new_work_coverage"
name = "两新组织党的工作覆盖率"
short = "工作覆盖率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一家运营中的两新组织"
entities = ["two_new_org"]
numerator = "有党组织，或有指导员、联络员、工会、团组织的两新组织"
denominator = "月末运营中的两新组织"
numerator_unit = "家"
denominator_unit = "家"
direction = "up"
fewest = 5
lack = "没有党的工作覆盖"
none = "各两新组织都有党的工作覆盖"
target = 100
amber = 95
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "中办发〔2012〕11号：工作覆盖指无党组织而有指导员、联络员或工会、团组织"
mark = "V"
caveat = "与组织覆盖率分列，不相加。"
moves = { came = "新开办", left = "注销", counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }
*/
select
    o.org_id as entity_id,
    o.org_name as entity_name,
    c.street_code,
    o.community_code,
    (o.cover <> '未覆盖' and o.covered_on <= $as_of)::integer as numerator,
    1 as denominator,
    case when o.covered_on > $as_of then '当月尚未覆盖' when o.cover = '未覆盖' then o.cover end
        as reason
from two_new_org as o
join community as c using (community_code)
where o.opened_on <= $as_of and coalesce(o.closed_on > $as_of, true)
