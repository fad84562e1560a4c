/*
id = "opinion_pending_share"
name = "民情待接天数占比"
short = "待接占比"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一项本年在办过的社情民意"
entities = ["opinion"]
needs = ["opinion_event"]
numerator = "转到下一级后等着受理的天数"
denominator = "本年各级经手的天数"
numerator_unit = "天"
denominator_unit = "天"
direction = "down"
fewest = 100
lack = "转办后等过受理"
none = "转办的民情都当天受理"
cadence = "每月"
source = "由民情流转台账各步日期计（自然日）：上报、退回之日到接收的一级受理之日为待接"
mark = "own"
caveat = "待接的天数算在接收的一级；同一天转出又受理的计0天。流转记录接不上的事项不计。"
moves = { came = "新在办{n}", left = "上年办结{n}", counted = "待接{n}", gained = "待接增加{n}", lost = "待接减少{n}" }

[[variants]]
id = "month"
name = "只算当月"
window = "month"
*/
-- opinion_visits：见 queries/schema/05_governance.sql
with days as (
    select
        opinion_id,
        greatest(came_on, $window_start) as from_on,
        least(coalesce(taken_on, $as_of), $as_of) as accepted_on,
        least(coalesce(left_on, $as_of), $as_of) as to_on
    from opinion_visits($as_of)
    where coalesce(left_on >= $window_start, true)
),
summed as (
    select
        opinion_id,
        sum(greatest(accepted_on - from_on, 0)) as pending_days,
        sum(greatest(to_on - from_on, 0)) as item_days
    from days
    group by opinion_id
)
select
    s.opinion_id as entity_id,
    o.category || '（' || o.received_on || '受理）' as entity_name,
    c.street_code,
    o.community_code,
    s.pending_days as numerator,
    s.item_days as denominator,
    case when s.pending_days = 0 then '转办当天受理或没有转办' end as reason
from summed as s
join opinion as o using (opinion_id)
join community as c using (community_code)
where s.item_days > 0
