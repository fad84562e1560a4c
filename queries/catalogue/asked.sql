-- The months that the fill asks for, once for each kind of window. Filled by the caller.

create or replace temp table asked (
    over varchar,
    month date,
    as_of date,
    window_start date
)
