-- All features of one layer of a GeoPackage (SQLite). $table: its name, checked and quoted; SQLite
-- takes no parameter there. One row per feature.
select * from $table
