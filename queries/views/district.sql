-- The district: name, population with its source, outline as WKB of WGS-84. One row.

select district_code, district_name, population, population_source, shape from district
