/*
id = "two_new_own_rate"
name = "两新组织单独组建率"
short = "单独组建率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一家运营中的两新组织"
entities = ["two_new_org"]
numerator = "单独组建党组织的两新组织"
denominator = "月末运营中的两新组织"
numerator_unit = "家"
denominator_unit = "家"
direction = "none"
fewest = 5
lack = "没有单独组建党组织"
none = "各两新组织都单独组建了党组织"
cadence = "每月"
source = "与覆盖率同一来源，只取单独组建"
mark = "V"
caveat = "规模小的组织本就宜联合组建，此率高低不作达标评价。"
moves = { came = "新开办", left = "注销", counted = "单独组建", gained = "新单独组建", lost = "不再单独组建" }
*/
select
    o.org_id as entity_id,
    o.org_name as entity_name,
    c.street_code,
    o.community_code,
    (o.cover = '单独组建' and o.covered_on <= $as_of)::integer as numerator,
    1 as denominator,
    case when o.covered_on > $as_of then '当月尚未覆盖' when o.cover <> '单独组建' then o.cover end
        as reason
from two_new_org as o
join community as c using (community_code)
where o.opened_on <= $as_of and coalesce(o.closed_on > $as_of, true)
