-- The feature layers of a GeoPackage (SQLite): table, its geometry column, the statement that made
-- it, its coordinate system. One row per layer.
select
    c.table_name,
    c.column_name,
    coalesce(m.sql, ''),
    coalesce(s.organization || ':' || s.organization_coordsys_id, 'EPSG:' || c.srs_id)
from gpkg_geometry_columns as c
left join sqlite_master as m on m.name = c.table_name and m.type = 'table'
left join gpkg_spatial_ref_sys as s on s.srs_id = c.srs_id
order by c.table_name
