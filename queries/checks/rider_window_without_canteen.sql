/*
id = "rider_window_without_canteen"
name = "小哥窗口不在食堂里"
severity = "警告"
entity = "station"
mend = "核对阵地功能台账：小哥窗口应设在有幸福食堂的阵地。"
*/
select s.station_id as entity_id, s.station_name || '有小哥窗口，却没有幸福食堂。' as message
from station as s
join station_function as f using (station_id)
where
    f.function = '小哥窗口'
    and not exists (
        select 1 from station_function as c
        where c.station_id = s.station_id and c.function = '幸福食堂'
    )
