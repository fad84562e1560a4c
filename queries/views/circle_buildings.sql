-- Buildings with who lives there, in the order of their doors. One row per building.

select
    d.door_no,
    b.building_id,
    b.building_name,
    b.neighbourhood_id,
    c.street_code,
    st.street_name,
    b.community_code,
    c.community_name,
    b.households,
    b.residents,
    b.residents_60,
    b.residents_0_3,
    greatest(b.residents - b.residents_60 - b.residents_0_3, 0) as residents_4_59,
    b.lon,
    b.lat,
    d.leg,
    u.reason as lost,
    u.metres as lost_metres
from walk_door as d
join building as b on b.building_id = d.entity_id
join community as c on c.community_code = b.community_code
join street as st on st.street_code = c.street_code
left join unroutable as u on u.entity_table = 'building' and u.entity_id = b.building_id
where d.entity_table = 'building'
order by d.door_no
