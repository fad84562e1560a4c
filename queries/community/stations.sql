-- Stations open on $as_of with what they offer, and the ledger row. The largest
-- first. One row per station.

select
    s.community_code,
    s.station_id,
    s.station_name,
    s.level,
    s.area_m2,
    s.opened_on,
    (
        select string_agg(k.function, '、' order by k.function)
        from station_function as k
        where k.station_id = s.station_id
    ) as functions,
    s.lon,
    s.lat,
    f.file_name,
    f.sheet_name,
    s.source_row
from station as s
join source_file as f on f.source_id = s.source_id
where s.opened_on <= $as_of and coalesce(s.closed_on > $as_of, true)
order by s.area_m2 desc, s.station_id
