/*
id = "pledge_kept_rate"
name = "成员单位承诺兑现率"
short = "承诺兑现率"
group = "帜 组织"
kind = "ratio"
window = "year-to-date"
level = "community"
unit = "%"
scale = 100
one_row = "成员单位的一项承诺"
entities = ["pledge"]
numerator = "到期前兑现的承诺"
denominator = "月末在册的成员单位本年到月末到期的承诺"
numerator_unit = "项"
denominator_unit = "项"
direction = "up"
fewest = 10
lack = "没有按期兑现"
none = "各项承诺都按期兑现"
cadence = "每月"
source = "本系统自定：按应兑现日期计入当年，提前兑现的不提前计"
mark = "own"
caveat = "到期后补兑现的不算按期；承诺大小不一，一项算一项；单位退出后不再计；街道大工委成员单位的承诺不归任何社区。"
restarts = true
moves = { came = "新到期", counted = "按期兑现", gained = "按期兑现", left = "上年的或单位退出不再计" }

[params]
grace_days = 0

[[variants]]
id = "month_late"
name = "晚一个月也算"
params = { grace_days = 30 }
*/
select
    p.pledge_id as entity_id,
    u.unit_name || '·' || p.content as entity_name,
    c.street_code,
    c.community_code,
    (not is_overdue(p.due_on + $grace_days, p.delivered_on, p.due_on + $grace_days))::integer
        as numerator,
    1 as denominator,
    case
        when p.delivered_on <= p.due_on + $grace_days then null
        when p.delivered_on <= $as_of then late_words(p.due_on, p.delivered_on) || '兑现'
        else '到月末没有兑现，' || overdue_words(p.due_on, $as_of)
    end as reason
from pledge as p
join member_unit as u using (unit_id)
join party_committee as c using (committee_id)
where
    p.due_on + $grace_days between $window_start and $as_of
    and coalesce(u.left_on > $as_of, true)
