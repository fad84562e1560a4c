/*
id = "premises_in_use"
name = "房屋已开阵地仍列为可用"
severity = "提示"
entity = "premises"
mend = "在可用房屋台账填写落实日期；确是同一处的另一间房屋，请核对坐标。"

[params]
nearest_m = 15
*/
select
    p.premises_id as entity_id,
    p.premises_name || ' ' || p.listed_on || '登记为可用，同一处的' || s.station_name || '已于'
        || s.opened_on || '启用，房屋仍列为可选。' as message
from premises as p
join station as s
    on s.opened_on > p.listed_on
    and s.closed_on is null
    and rough_metres(s.lon, s.lat, p.lon, p.lat) <= $nearest_m
where p.settled_on is null
