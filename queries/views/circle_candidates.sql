-- Places where a station could be added: grids and neighbourhoods. One row per place.

select
    '网格' as kind,
    g.grid_id as place_id,
    g.grid_name as place_name,
    c.street_code,
    g.community_code,
    c.community_name,
    g.lon,
    g.lat
from grid_unit as g
join community as c using (community_code)
where g.merged_on is null
union all
select
    '小区',
    n.neighbourhood_id,
    n.neighbourhood_name,
    c.street_code,
    n.community_code,
    c.community_name,
    n.lon,
    n.lat
from neighbourhood as n
join community as c using (community_code)
order by kind, place_id
