/*
id = "forum_matters"
name = "居民议事提出事项"
short = "议事事项"
group = "治 共治"
kind = "total"
window = "year-to-date"
level = "community"
unit = "件"
one_row = "一件在居民议事中提出的事项"
entities = ["forum_matter"]
numerator = "本年到月末提出的事项"
direction = "none"
cadence = "每月"
source = "公开报道：大树下的议事会、5点半话筒、共同缔造"
mark = "V"
caveat = "提得多说明议得多，也可能说明事情多，不评高低。"
moves = { came = "新提出", left = "上年的不再计" }

[params]
kinds = ["大树下的议事会", "5点半话筒", "共同缔造", "其他议事会"]

[[variants]]
id = "tree"
name = "只看大树下的议事会"
params = { kinds = ["大树下的议事会"] }

[[variants]]
id = "microphone"
name = "只看5点半话筒"
params = { kinds = ["5点半话筒"] }

[[variants]]
id = "together"
name = "只看共同缔造"
params = { kinds = ["共同缔造"] }
*/
select
    m.matter_id as entity_id,
    m.matter || '（' || m.kind || '，' || m.held_on || '）' as entity_name,
    c.street_code,
    m.community_code,
    1 as numerator,
    null::integer as denominator
from forum_matter as m
join community as c using (community_code)
where m.held_on between $window_start and $as_of and list_contains($kinds, m.kind)
