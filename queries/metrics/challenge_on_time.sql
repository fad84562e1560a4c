/*
id = "challenge_on_time"
name = "榜单按期完成率"
short = "榜单按期率"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "street"
unit = "%"
scale = 100
one_row = "一项本年到期的榜单事项"
entities = ["challenge"]
numerator = "按期（不晚于应完成日期）完成的事项"
denominator = "本年到月末到期的有人领的事项"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "没有按期完成"
none = "到期的榜单事项都按期完成"
cadence = "每月"
source = "由揭榜领题台账的应完成日期、完成日期与结果计"
mark = "own"
caveat = "结果记为“完成”才算；部分完成、未完成的不算。没有填应完成日期的不在内。"
final = true
moves = { came = "新到期", counted = "按期完成", gained = "按期完成", left = "上年的不再计" }

[[variants]]
id = "partly"
name = "部分完成的也算"
params = { results = ["完成", "部分完成"] }

[params]
results = ["完成"]
*/
select
    c.challenge_id as entity_id,
    c.title || '（' || c.due_on || '到期）' as entity_name,
    c.street_code,
    c.community_code,
    (coalesce(c.done_on <= c.due_on, false) and list_contains($results, c.result))::integer as numerator,
    1 as denominator,
    case
        when coalesce(c.done_on > $as_of, true) then '月末未完成'
        when not list_contains($results, c.result) then c.result
        when c.done_on > c.due_on then late_words(c.due_on, c.done_on) || '完成'
    end as reason
from challenge as c
where c.due_on between $window_start and $as_of and c.claimed_on <= $as_of
