-- The district's name. One row.

select district_name from district
