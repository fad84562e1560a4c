/*
id = "fund_per_resident"
name = "人均社区基金支出"
short = "人均基金"
group = "智 服务"
kind = "ratio"
window = "cumulative"
level = "community"
unit = "元/人"
scale = 1
one_row = "一笔社区基金支出（分子）或一栋住宅楼（分母）"
entities = ["fund_entry", "building"]
numerator = "到月末累计的社区基金支出"
denominator = "住宅楼栋的居民"
numerator_unit = "元"
denominator_unit = "人"
direction = "none"
fewest = 30
cadence = "每月"
source = "由社区基金台账与楼栋台账计"
mark = "own"
caveat = "居民数为楼栋台账现状。"
moves = { came = "新支出" }
*/
select
    f.entry_id as entity_id,
    f.item as entity_name,
    c.street_code,
    f.community_code,
    f.amount_yuan as numerator,
    0 as denominator,
    'fund_entry' as entity_table
from fund_entry as f
join community as c using (community_code)
where f.direction = '支出' and f.booked_on <= $as_of
union all
select b.building_id, b.building_name, c.street_code, b.community_code, 0, b.residents, 'building'
from building as b
join community as c using (community_code)
