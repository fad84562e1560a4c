/*
id = "forum_settled_rate"
name = "居民议事事项办成率"
short = "议事办成"
group = "治 共治"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "一件在居民议事中提出的事项"
entities = ["forum_matter"]
numerator = "月末已办成的事项"
denominator = "本年到月末提出的事项"
numerator_unit = "件"
denominator_unit = "件"
direction = "up"
fewest = 10
lack = "还没有办成"
none = "提出的事项都已办成"
cadence = "每月"
source = "本系统自定，从“居民们围坐一团，为小区建设出谋划策”而来"
mark = "own"
caveat = "刚提出的也在分母里，月末前不久议得多的，数会低；久拖不决的看“议事事项超90天未办成”。"
moves = { came = "新提出", counted = "已办成", gained = "办成", left = "上年的不再计" }
*/
select
    m.matter_id as entity_id,
    m.matter || '（' || m.kind || '，' || m.held_on || '）' as entity_name,
    c.street_code,
    m.community_code,
    coalesce(m.settled_on <= $as_of, false)::integer as numerator,
    1 as denominator,
    case when coalesce(m.settled_on > $as_of, true) then '月末没有办成' end as reason
from forum_matter as m
join community as c using (community_code)
where m.held_on between $window_start and $as_of
