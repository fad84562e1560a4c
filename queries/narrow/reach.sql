-- Walks to some buildings. $buildings: the numbers of their doors. One row per pair.

select building_no, station_no, metres
from reach
where building_no in (select unnest($buildings::integer[]))
