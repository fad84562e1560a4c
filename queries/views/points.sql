-- Where things of the ledgers lie that have coordinates (WGS 84, degrees). One row per thing.

select 'station' as entity_table, station_id as entity_id, lon, lat from station
union all
select 'building', building_id, lon, lat from building
union all
select 'neighbourhood', neighbourhood_id, lon, lat from neighbourhood
union all
select 'grid_unit', grid_id, lon, lat from grid_unit
order by entity_table, entity_id
