-- When one station ($station) is open, with the ledger rows. One row per weekday and stretch of hours.

select
    h.weekday,
    h.opens_minute,
    h.closes_minute,
    f.file_name,
    f.sheet_name,
    h.source_row
from station_hours as h
join source_file as f using (source_id)
where h.station_id = $station
order by h.weekday, h.opens_minute
