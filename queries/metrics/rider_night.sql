/*
id = "rider_night"
name = "品牌驿站夜间在开率"
short = "驿站夜间在开"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一处月末启用的品牌驿站（品牌名以“驿站”结尾）"
entities = ["station"]
needs = ["station_hours"]
numerator = "周三22点开着的品牌驿站"
denominator = "登记了开放时间的品牌驿站"
numerator_unit = "处"
denominator_unit = "处"
direction = "up"
fewest = 5
lack = "到点不开"
none = "各品牌驿站到点都开着"
cadence = "每月"
source = "公开报道：打造面向新就业群体的品牌驿站；时点为本系统自定"
mark = "own"
caveat = "周几、几点可以另定；没有登记开放时间的列出但不进分母（不知道不等于不开）。开到次日凌晨的要分两行登记。集聚区的驿站不属于哪一个社区，只计入街道和全区。开放时间为台账现状。"
moves = { came = "新启用", left = "停用", counted = "到点在开", gained = "转为到点在开", lost = "到点不再开" }

[params]
weekday = 3
minute = 1320

[[variants]]
id = "saturday"
name = "周六22点"
params = { weekday = 6 }

[[variants]]
id = "eight"
name = "周三20点"
params = { minute = 1200 }
*/
with hours as (
    select
        station_id,
        bool_or(weekday = $weekday and opens_minute <= $minute and closes_minute > $minute) as is_open
    from station_hours
    group by station_id
)
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    coalesce(hours.is_open, false)::integer as numerator,
    (hours.station_id is not null)::integer as denominator,
    case
        when hours.station_id is null then '未登记开放时间'
        when not hours.is_open then '到点不开'
    end as reason
from station as s
left join hours using (station_id)
where
    ends_with(s.brand, '驿站')
    and s.opened_on <= $as_of
    and coalesce(s.closed_on > $as_of, true)
