/*
id = "grid_compliance"
name = "网格规模合规率"
short = "网格合规率"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "户数在规定上下限以内的网格"
denominator = "月末在册的网格"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "户数不合规"
none = "各网格户数都合规"
target = 90
amber = 85
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "300–500户：参照外地一份2016年的网格方案；是否为全国通行标准，尚待核实"
mark = "R"
caveat = "网格户数按台账现有数计；规定的上下限改了，合规率随之改变。"
moves = { came = "新设", left = "撤并", counted = "合规", gained = "网格转为合规", lost = "网格转为不合规" }

[params]
lowest = 300
highest = 500

[[variants]]
id = "wide"
name = "放宽到250–550户"
params = { lowest = 250, highest = 550 }

[[variants]]
id = "no_floor"
name = "只设上限500户"
params = { lowest = 0 }

[[variants]]
id = "large"
name = "300–1000户"
params = { highest = 1000 }
*/
select
    g.grid_id as entity_id,
    g.grid_name as entity_name,
    c.street_code,
    g.community_code,
    (g.households between $lowest and $highest)::integer as numerator,
    1 as denominator,
    case when g.households not between $lowest and $highest then g.households || '户' end as reason,
    greatest($lowest - g.households, g.households - $highest, 0) as lacks
from grid_unit as g
join community as c using (community_code)
where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
