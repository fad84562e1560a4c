/*
id = "station_outside_community"
name = "阵地坐标不在所写的社区"
severity = "警告"
entity = "station"
mend = "核对阵地台账的经纬度与所属社区，改错的一边；是否坐标系写错，看“坐标系”一条。"

[params]
tolerance_m = 50
*/
select
    s.station_id as entity_id,
    s.station_name || '登记在' || c.community_name || '，坐标却在'
        || coalesce(actual.community_name, '区外') || '，离所写社区'
        || format('{:,}', round(p.metres_outside)::integer) || '米。' as message
from station_place as p
join station as s using (station_id)
join community as c on c.community_code = s.community_code
left join community as actual on actual.community_code = p.community_code
where
    p.metres_outside > $tolerance_m
    -- Where a map of the communities as a whole is off, no single station is to blame.
    and not exists (
        from check_result where check_id = '坐标系' and severity = '错误' and entity_table = 'community'
    )
