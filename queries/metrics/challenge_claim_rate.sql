/*
id = "challenge_claim_rate"
name = "榜单主动认领率"
short = "主动认领率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "street"
unit = "%"
scale = 100
one_row = "一项本年发榜的事项"
entities = ["challenge"]
numerator = "有单位主动认领的事项"
denominator = "本年到月末发榜的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "没有单位主动认领"
none = "发榜的事项都有单位主动认领"
cadence = "每月"
source = "公开报道：主动认领、点题交办"
mark = "own"
caveat = "点题交办的另计，不算主动认领。"
moves = { came = "新发榜", counted = "主动认领", gained = "主动认领", left = "上年的不再计" }

[[variants]]
id = "any"
name = "点题交办的也算有人领"
params = { modes = ["主动认领", "点题交办"] }

[params]
modes = ["主动认领"]
*/
select
    c.challenge_id as entity_id,
    c.title || '（' || c.posted_on || '发榜）' as entity_name,
    c.street_code,
    c.community_code,
    (coalesce(c.claimed_on <= $as_of, false) and list_contains($modes, c.mode))::integer as numerator,
    1 as denominator,
    case
        when coalesce(c.claimed_on > $as_of, true) then '还没有人领'
        when not list_contains($modes, c.mode) then c.mode || '：' || c.claimed_by
    end as reason
from challenge as c
where c.posted_on between $window_start and $as_of
