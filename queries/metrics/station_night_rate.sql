/*
id = "station_night_rate"
name = "夜间开放阵地占比"
short = "夜间开放率"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一处月末开放的阵地"
entities = ["station"]
numerator = "工作日至少一天晚间开放的阵地"
denominator = "登记了开放时间的阵地"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "晚上不开放"
none = "各阵地晚上都开放"
cadence = "每月"
source = "本系统自定：上班族与新就业群体多在夜间用得上阵地"
mark = "own"
caveat = "晚间的时点可以另定；没有登记开放时间的阵地列出但不进分母（不知道不等于不开）。开放时间为台账现状。"
moves = { came = "新开放", left = "关闭", counted = "夜间开放", gained = "转为夜间开放", lost = "不再夜间开放" }

[params]
open_until_minute = 1200

[[variants]]
id = "nine"
name = "开放到21点"
params = { open_until_minute = 1260 }

[[variants]]
id = "seven"
name = "开放到19点"
params = { open_until_minute = 1140 }
*/
with hours as (
    select station_id, max(closes_minute) filter (where weekday <= 5) as last_minute
    from station_hours
    group by station_id
)
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    coalesce(hours.last_minute >= $open_until_minute, false)::integer as numerator,
    (hours.station_id is not null)::integer as denominator,
    case
        when hours.station_id is null then '未登记开放时间'
        when hours.last_minute is null then '工作日不开放'
        when hours.last_minute < $open_until_minute
            then '开放到' || hours.last_minute // 60 || '点'
                || case when hours.last_minute % 60 > 0 then hours.last_minute % 60 || '分' else '' end
    end as reason
from station as s
left join hours using (station_id)
where s.opened_on <= $as_of and coalesce(s.closed_on > $as_of, true)
