-- What each station offers and for how many a day. One row per station and function.

select station_id, function, capacity_per_day
from station_function
order by station_id, function
