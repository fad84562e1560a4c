-- Stations with what they offer, as a map of circles needs them, in the order of their doors.
-- One row per station.

select
    d.door_no,
    s.station_id,
    s.station_name,
    s.level,
    s.street_code,
    st.street_name,
    s.community_code,
    c.community_name,
    s.area_m2,
    s.opened_on,
    s.closed_on,
    s.lon,
    s.lat,
    u.reason as lost,
    u.metres as lost_metres
from walk_door as d
join station as s on s.station_id = d.entity_id
join street as st on st.street_code = s.street_code
left join community as c on c.community_code = s.community_code
left join unroutable as u on u.entity_table = 'station' and u.entity_id = s.station_id
where d.entity_table = 'station'
order by d.door_no
