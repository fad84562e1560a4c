/*
id = "rider_window_rate"
name = "幸福食堂小哥窗口率"
short = "小哥窗口率"
group = "治 共治"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一处月末启用的幸福食堂"
entities = ["station"]
needs = ["station_function"]
numerator = "开设小哥窗口的幸福食堂"
denominator = "月末启用的幸福食堂"
numerator_unit = "处"
denominator_unit = "处"
direction = "up"
fewest = 5
lack = "没有小哥窗口"
none = "各幸福食堂都有小哥窗口"
cadence = "每月"
source = "公开报道：在幸福食堂开设“小哥窗口”"
mark = "V"
caveat = "窗口设在食堂里，不另算一项阵地功能。阵地功能为台账现状，历史月份只随食堂的启用与停用变。"
moves = { came = "新启用", left = "停用", counted = "有小哥窗口", gained = "新开窗口{n}", lost = "{n}不再有窗口" }
*/
with offered as (
    select
        station_id,
        bool_or(function = '幸福食堂') as is_canteen,
        bool_or(function = '小哥窗口') as has_window
    from station_function
    group by station_id
)
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    offered.has_window::integer as numerator,
    1 as denominator,
    case when not offered.has_window then '没有小哥窗口' end as reason
from station as s
join offered using (station_id)
where offered.is_canteen and s.opened_on <= $as_of and coalesce(s.closed_on > $as_of, true)
