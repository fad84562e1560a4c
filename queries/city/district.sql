-- The district of a version, with its outline. One row.

select district_code, district_name, shape from district
