/*
id = "challenge_waiting"
name = "榜单无人领超30天"
short = "无人领超30天"
group = "治 共治"
kind = "total"
window = "as-of"
level = "street"
unit = "项"
one_row = "一项月末没有人领的榜单事项"
entities = ["challenge"]
numerator = "发榜超过30天、月末还没有人领的事项"
direction = "down"
cadence = "每月"
source = "由揭榜领题台账的发榜日期与领题日期计"
mark = "own"
caveat = "点题交办的从交办之日起算有人领。"
moves = { came = "新超30天", left = "有人领" }

[params]
days = 30

[[variants]]
id = "any"
name = "不论多久"
params = { days = -1 }
*/
select
    challenge_id as entity_id,
    title || '（' || posted_on || '发榜）' as entity_name,
    street_code,
    community_code,
    1 as numerator,
    null as denominator
from challenge
where posted_on <= $as_of and $as_of - posted_on > $days and coalesce(claimed_on > $as_of, true)
