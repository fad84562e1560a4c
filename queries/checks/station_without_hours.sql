/*
id = "station_without_hours"
name = "阵地没有开放时间"
severity = "提示"
entity = "station"
mend = "在阵地开放时间台账里补登；没有登记的阵地在时段类指标里按“不知道”处理，不按“不开放”。"
*/
select s.station_id as entity_id, s.station_name || '没有登记开放时间。' as message
from station as s
where
    s.closed_on is null
    and not exists (select 1 from station_hours as h where h.station_id = s.station_id)
