/*
id = "station_shifted"
name = "阵地坐标疑似高德（GCJ-02）未转换"
severity = "警告"
entity = "station"
mend = "到阵地台账的坐标来源处核实；若取自高德地图，把该行改为 WGS-84 经纬度后重新入库。"

[params]
east_m = 526
north_m = -268
tolerance_m = 50
metres_per_degree_lon = 95850
metres_per_degree_lat = 110860
*/
with centre as (
    select community_code, median(lon) as lon, median(lat) as lat
    from building
    group by community_code
),
away as (
    select
        s.station_id,
        s.station_name,
        c.community_name,
        (s.lon - centre.lon) * $metres_per_degree_lon as east,
        (s.lat - centre.lat) * $metres_per_degree_lat as north
    from station as s
    join station_place as p using (station_id)
    join community as c on c.community_code = s.community_code
    join centre on centre.community_code = s.community_code
    where p.metres_outside > $tolerance_m
),
measured as (
    select
        *,
        sqrt(pow(east, 2) + pow(north, 2)) as metres,
        sqrt(pow(east - $east_m, 2) + pow(north - $north_m, 2)) as metres_back
    from away
)
select
    station_id as entity_id,
    station_name || '离' || community_name || '居民楼的中心 ' || round(metres)::integer
        || ' 米；若把坐标当作高德坐标转回，只有 ' || round(metres_back)::integer || ' 米。'
        as message
from measured
where metres_back < 0.6 * metres
