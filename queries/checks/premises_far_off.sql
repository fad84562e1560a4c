/*
id = "premises_far_off"
name = "可用房屋坐标远离本社区"
severity = "警告"
entity = "premises"
mend = "核对可用房屋台账的经纬度；坐标错了的房屋会被当作别处的候选点。"

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
        p.premises_id,
        p.premises_name,
        c.community_name,
        sqrt(
            pow((p.lon - centre.lon) * $metres_per_degree_lon, 2)
            + pow((p.lat - centre.lat) * $metres_per_degree_lat, 2)
        ) as metres
    from premises as p
    join centre using (community_code)
    join community as c on c.community_code = p.community_code
)
select
    premises_id as entity_id,
    premises_name || '离' || community_name || '楼栋的中心 ' || round(metres)::integer || ' 米。'
        as message
from measured
where metres > $farthest_m
