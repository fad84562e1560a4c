/*
id = "station_without_function"
name = "阵地没有功能"
severity = "提示"
entity = "station"
mend = "在阵地功能台账里补登至少一项功能；没有功能的阵地不进任何分功能的指标。"
*/
select s.station_id as entity_id, s.station_name || '没有登记任何功能。' as message
from station as s
where
    s.closed_on is null
    and not exists (select 1 from station_function as f where f.station_id = s.station_id)
