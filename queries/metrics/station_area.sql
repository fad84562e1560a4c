/*
id = "station_area"
name = "党群服务阵地面积"
short = "阵地面积"
group = "智 服务"
kind = "total"
window = "as-of"
level = "community"
unit = "平方米"
one_row = "一处党群服务阵地"
entities = ["station"]
numerator = "月末开放的阵地的建筑面积"
direction = "none"
cadence = "每月"
source = "公开报道：阵地面积"
mark = "V"
caveat = "建筑面积，不是居民活动面积；共用场地若在两处阵地重复登记会重复计。"
moves = { came = "新开放", left = "关闭", gained = "扩大", lost = "关闭" }
splits = ["area_per_100_households"]
*/
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    case when coalesce(s.closed_on > $as_of, true) then s.area_m2 else 0 end::decimal(18, 6) as numerator,
    null::bigint as denominator,
    case when s.closed_on <= $as_of then s.closed_on || '关闭' end as reason
from station as s
where s.opened_on <= $as_of
