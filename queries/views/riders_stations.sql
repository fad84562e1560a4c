-- Stations in use on $as_of that riders are for: a 驿站 of a brand, one with 小哥驿站, or a canteen
-- (with a window or without), and the ledger row. One row per station.

with offered as (
    select
        station_id,
        bool_or(function = '小哥驿站') as is_post,
        bool_or(function = '幸福食堂') as is_canteen,
        bool_or(function = '小哥窗口') as has_window
    from station_function
    group by station_id
)
select
    s.station_id,
    s.station_name,
    s.level,
    s.brand,
    coalesce(ends_with(s.brand, '驿站'), false) as is_brand,
    coalesce(o.is_post, false) as is_post,
    coalesce(o.is_canteen, false) as is_canteen,
    coalesce(o.has_window, false) as has_window,
    exists(select 1 from station_hours as h where h.station_id = s.station_id) as has_hours,
    s.street_code,
    st.street_name,
    s.community_code,
    c.community_name,
    s.opened_on,
    s.lon,
    s.lat,
    f.file_name,
    f.sheet_name,
    s.source_row
from station as s
join street as st using (street_code)
join source_file as f on f.source_id = s.source_id
left join community as c on c.community_code = s.community_code
left join offered as o on o.station_id = s.station_id
where s.opened_on <= $as_of and coalesce(s.closed_on > $as_of, true)
    and (ends_with(s.brand, '驿站') or o.is_post or o.is_canteen)
order by s.street_code, s.station_id
