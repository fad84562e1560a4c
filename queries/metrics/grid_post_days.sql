/*
id = "grid_post_days"
name = "网格岗位到岗天数率"
short = "到岗天数率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一个网格"
entities = ["grid_unit"]
numerator = "本年有人在岗的岗位天数"
denominator = "本年应设岗位的天数"
numerator_unit = "天"
denominator_unit = "天"
direction = "up"
fewest = 300
lack = "有岗位空缺过"
none = "各网格岗位全年没有空缺"
cadence = "每月"
source = "本系统自定：应设岗位以岗位字典的“是否应设”一列为准"
mark = "own"
caveat = "每个应设岗位一天计一个岗位天，从年初或网格设立之日计到月末或撤并之日；同岗重叠任职只计一次，离岗当天计为空缺；岗位台账建立以前没有记录的日子也计为空缺。"
moves = { came = "新设网格{n}", left = "撤并网格{n}", counted = "到岗{n}", gained = "到岗增加{n}", lost = "到岗减少{n}" }
splits = ["grid_posts_filled"]

[[variants]]
id = "month"
name = "只算当月"
window = "month"
*/
-- grid_post_days：见 queries/schema/02_places.sql
with held as (
    select grid_id, sum(due_days) as due_days, sum(filled_days) as filled_days
    from grid_post_days($window_start, $as_of)
    group by grid_id
)
select
    g.grid_id as entity_id,
    g.grid_name as entity_name,
    c.street_code,
    g.community_code,
    held.filled_days as numerator,
    held.due_days as denominator,
    case when held.filled_days = 0 then '所有岗位一直空缺' end as reason,
    held.due_days - held.filled_days as lacks
from held
join grid_unit as g using (grid_id)
join community as c on c.community_code = g.community_code
