/*
id = "station_count"
name = "党群服务阵地数"
short = "阵地数"
group = "智 服务"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一处党群服务阵地"
entities = ["station"]
numerator = "月末开放的阵地（街道、社区、小区、集聚区四级）"
direction = "none"
cadence = "每月"
source = "公开报道：阵地总量"
mark = "V"
caveat = "“多中心合一”后阵地数可能下降而服务不减；街道级、集聚区级可不归任何社区。"
moves = { came = "新开放", left = "关闭", lost = "关闭" }
splits = ["community_station_rate", "station_night_rate", "station_multi_rate"]
*/
select
    s.station_id as entity_id,
    s.station_name as entity_name,
    s.street_code,
    s.community_code,
    coalesce(s.closed_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when s.closed_on <= $as_of then s.closed_on || '关闭' end as reason
from station as s
where s.opened_on <= $as_of
