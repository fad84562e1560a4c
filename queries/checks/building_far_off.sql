/*
id = "building_far_off"
name = "楼栋坐标远离本社区"
severity = "警告"
entity = "building"
mend = "核对楼栋台账的经纬度；坐标错了的楼会算错到阵地的步行距离。"

[params]
farthest_m = 2000
*/
with measured as (
    select
        t.building_id,
        t.building_name,
        centre.community_name,
        rough_metres(t.lon, t.lat, centre.lon, centre.lat) as metres
    from building as t
    join community_centre() as centre using (community_code)
)
select
    building_id as entity_id,
    building_name || '离' || community_name || '楼栋的中心' || format('{:,}', round(metres)::integer) || '米。'
        as message
from measured
where metres > $farthest_m
