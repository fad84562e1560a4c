-- When each station is open. One row per station, weekday and stretch of hours.

select station_id, weekday, opens_minute, closes_minute
from station_hours
order by station_id, weekday, opens_minute
