/*
id = "premises_far_off"
name = "可用房屋坐标远离本社区"
severity = "警告"
entity = "premises"
mend = "核对可用房屋台账的经纬度；坐标错了的房屋会被当作别处的候选点。"

[params]
farthest_m = 2000
*/
with measured as (
    select
        t.premises_id,
        t.premises_name,
        centre.community_name,
        rough_metres(t.lon, t.lat, centre.lon, centre.lat) as metres
    from premises as t
    join community_centre() as centre using (community_code)
)
select
    premises_id as entity_id,
    premises_name || '离' || community_name || '楼栋的中心' || format('{:,}', round(metres)::integer) || '米。'
        as message
from measured
where metres > $farthest_m
