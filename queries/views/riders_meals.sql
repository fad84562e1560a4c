-- Meals by canteen and month up to $as_of: delivered, discounted, served, and what was left over so far,
-- with the ledger row. The latest first. One row per canteen and month.

select
    m.station_id,
    s.station_name,
    s.street_code,
    st.street_name,
    s.community_code,
    c.community_name,
    strftime(m.month, '%Y-%m') as month,
    m.deliveries,
    m.discounted,
    m.elders,
    sum(m.deliveries - m.discounted) over so_far as balance,
    f.file_name,
    f.sheet_name,
    m.source_row
from meal_exchange as m
join station as s using (station_id)
join street as st on st.street_code = s.street_code
join source_file as f on f.source_id = m.source_id
left join community as c on c.community_code = s.community_code
where m.month <= $as_of
window so_far as (partition by m.station_id order by m.month)
order by m.month desc, m.station_id
