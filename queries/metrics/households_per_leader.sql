/*
id = "households_per_leader"
name = "每名楼栋党小组长的户数"
short = "每名组长户数"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "户/名"
scale = 1
one_row = "一栋住宅楼"
entities = ["building"]
numerator = "楼内户数"
denominator = "楼内月末在岗的楼栋党小组长"
numerator_unit = "户"
denominator_unit = "名"
direction = "none"
fewest = 5
cadence = "每月"
source = "本系统自定：全部户数与楼栋党小组长之比，不是指定的联系户数"
mark = "own"
caveat = "户数为楼栋台账现状，历史月份按现有户数计；没有楼栋党小组长的楼栋户数也在分子里。"
moves = { came = "新增{n}", left = "减少{n}", counted = "{n}", gained = "增加{n}", lost = "减少{n}" }
*/
with held as (
    select building_id, count(*) as posts
    from building_post
    where kind = '楼栋党小组长' and since_on <= $as_of and coalesce(until_on > $as_of, true)
    group by building_id
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    b.households as numerator,
    coalesce(held.posts, 0) as denominator
from building as b
join community as c using (community_code)
left join held on held.building_id = b.building_id
