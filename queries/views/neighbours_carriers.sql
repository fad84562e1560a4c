-- Time banks and points shops with what was earned and used in the year up to $as_of, what is left of all so
-- far, and the ledger row of the last month. The most used first. One row per station and carrier.

select
    m.carrier,
    s.street_code,
    st.street_name,
    s.community_code,
    c.community_name,
    s.station_name,
    coalesce(sum(m.earned) filter (year(m.month) = year($as_of)), 0)::integer as earned,
    coalesce(sum(m.used) filter (year(m.month) = year($as_of)), 0)::integer as used,
    (sum(m.earned) - sum(m.used))::integer as balance,
    coalesce(sum(m.people) filter (year(m.month) = year($as_of)), 0)::integer as people,
    max(m.month) as last_month,
    any_value(f.file_name) as file_name,
    any_value(f.sheet_name) as sheet_name,
    arg_max(m.source_row, m.month) as source_row
from carrier_month as m
join station as s using (station_id)
join street as st on st.street_code = s.street_code
left join community as c on c.community_code = s.community_code
join source_file as f on f.source_id = m.source_id
where m.month <= $as_of
group by m.station_id, m.carrier, s.street_code, st.street_name, s.community_code, c.community_name, s.station_name
order by m.carrier, used desc, m.station_id
