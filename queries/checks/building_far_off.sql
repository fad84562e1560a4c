/*
id = "building_far_off"
name = "楼栋坐标远离本社区"
severity = "警告"
entity = "building"
mend = "核对楼栋台账的经纬度；坐标错了的楼会算错到阵地的步行距离。"

[params]
farthest_m = 2000
metres_per_degree_lon = 95850
metres_per_degree_lat = 110860
*/
with centre as (
    select community_code, median(lon) as lon, median(lat) as lat
    from building
    group by community_code
),
measured as (
    select
        b.building_id,
        b.building_name,
        c.community_name,
        sqrt(
            pow((b.lon - centre.lon) * $metres_per_degree_lon, 2)
            + pow((b.lat - centre.lat) * $metres_per_degree_lat, 2)
        ) as metres
    from building as b
    join centre using (community_code)
    join community as c on c.community_code = b.community_code
)
select
    building_id as entity_id,
    building_name || '离' || community_name || '楼栋的中心 ' || round(metres)::integer || ' 米。'
        as message
from measured
where metres > $farthest_m
