-- Doors of buildings and stations, with their numbers in `reach`. One row per door.

select entity_table, entity_id, door_no, east, north, leg
from walk_door
order by entity_table, door_no
