/*
id = "two_new_coverage"
name = "两新组织党组织覆盖率"
short = "两新覆盖率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一家运营中的两新组织"
entities = ["two_new_org"]
numerator = "单独组建或联合组建党组织的两新组织"
denominator = "月末运营中的两新组织"
numerator_unit = "家"
denominator_unit = "家"
direction = "up"
fewest = 5
lack = "没有党组织"
none = "各两新组织都有党组织"
target = 90
amber = 85
target_source = "本系统自定，取公开报道过的水平"
cadence = "每月"
source = "中办发〔2012〕11号：（单独组建＋联合组建企业数）÷实体运营企业数"
mark = "V"
caveat = "按被覆盖的组织计，不按党组织个数计；“工作覆盖”不计入。覆盖方式为现状，历史月份按覆盖日期回推。"
moves = { came = "新开办", left = "注销", counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }
splits = ["two_new_own_rate", "two_new_work_coverage"]

[params]
covers = ["单独组建", "联合组建"]
kinds = ["非公企业", "社会组织"]

[[variants]]
id = "with_work"
name = "把工作覆盖也算上"
params = { covers = ["单独组建", "联合组建", "工作覆盖"] }

[[variants]]
id = "own_only"
name = "只算单独组建"
params = { covers = ["单独组建"] }

[[variants]]
id = "enterprises"
name = "只看非公企业"
params = { kinds = ["非公企业"] }
*/
select
    o.org_id as entity_id,
    o.org_name as entity_name,
    c.street_code,
    o.community_code,
    (list_contains($covers, o.cover) and o.covered_on <= $as_of)::integer as numerator,
    1 as denominator,
    case
        when o.covered_on > $as_of then '当月尚未覆盖'
        when not list_contains($covers, o.cover) then o.cover
    end as reason
from two_new_org as o
join community as c using (community_code)
where
    o.opened_on <= $as_of
    and coalesce(o.closed_on > $as_of, true)
    and list_contains($kinds, o.kind)
