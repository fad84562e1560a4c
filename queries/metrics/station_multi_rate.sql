/*
id = "station_multi_rate"
name = "一中心多用阵地占比"
short = "一中心多用"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一处月末开放的阵地"
entities = ["station"]
numerator = "功能达到规定项数的阵地"
denominator = "月末开放的阵地"
numerator_unit = "个"
denominator_unit = "个"
direction = "none"
fewest = 5
lack = "功能不够一中心多用"
none = "各阵地都是一中心多用"
cadence = "每月"
source = "《城市社区嵌入式服务设施建设导则》2023：综合体不少于3项功能"
mark = "V"
caveat = "规定项数可以另定；导则说的是嵌入式服务综合体，这里用于全部阵地，只作参照。食堂里的小哥窗口不另算一项。功能为台账现状。"
moves = { came = "新开放", left = "关闭", counted = "一中心多用", gained = "转为一中心多用", lost = "不再一中心多用" }

[params]
at_least = 3

[[variants]]
id = "two"
name = "至少2项功能"
params = { at_least = 2 }

[[variants]]
id = "four"
name = "至少4项功能"
params = { at_least = 4 }
*/
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    (count(f.function) >= $at_least)::integer as numerator,
    1 as denominator,
    case
        when count(f.function) = 0 then '未登记功能'
        when count(f.function) < $at_least then count(f.function) || '项功能'
    end as reason
from station as s
left join station_function as f on f.station_id = s.station_id and f.function <> '小哥窗口'
where s.opened_on <= $as_of and coalesce(s.closed_on > $as_of, true)
group by s.station_id, s.station_name, s.street_code, s.community_code
