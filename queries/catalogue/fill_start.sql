-- The working table of the fill: without keys, so that a hundred small inserts stay cheap.

create or replace temp table filling (
    metric_id varchar,
    variant varchar,
    month date,
    street_code varchar,
    community_code varchar,
    numerator double,
    denominator double,
    members integer
)
