/*
id = "opinion_local_rate"
name = "民情就地解决率"
short = "就地解决率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年办结的社情民意"
entities = ["opinion"]
numerator = "在就地层级办结的事项"
denominator = "本年到月末办结的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "none"
fewest = 10
lack = "没有就地解决"
none = "办结的民情都在就地解决"
cadence = "每月"
source = "公开报道：小区解决一批、社区协调一批、街道统筹一批、部门认领一批"
mark = "V"
caveat = "事项难易不同，就地解决率不作达标评价；本系统把小区、社区两级算作就地。"
moves = { came = "新办结", counted = "就地解决", gained = "就地解决", left = "上年的不再计" }

[params]
tiers = ["小区", "社区"]

[[variants]]
id = "neighbourhood"
name = "只算小区一级"
params = { tiers = ["小区"] }

[[variants]]
id = "street"
name = "街道一级也算"
params = { tiers = ["小区", "社区", "街道"] }
*/
select
    o.opinion_id as entity_id,
    o.category || '（' || o.closed_on || '办结）' as entity_name,
    c.street_code,
    o.community_code,
    list_contains($tiers, o.closed_tier)::integer as numerator,
    1 as denominator,
    case when not list_contains($tiers, o.closed_tier) then o.closed_tier || '办结' end as reason
from opinion as o
join community as c using (community_code)
where o.closed_on between $window_start and $as_of
