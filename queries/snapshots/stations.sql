-- Stations open at the end of the month, to mark on a map. One row per station. Asks for $as_of.

select station_name, street_code, community_code, lon, lat
from station
where opened_on <= $as_of and coalesce(closed_on > $as_of, true)
order by station_id
