-- The rules of a figure in SQL, each stated once; their twins in Python are in catalogue/figure.py.
-- Set up on the connection of any query that names one of them, also in versions of older software.
-- A ratio is a ratio of sums, and has no value without a denominator; no members are 0 for a total;
-- a quantile's numerator is its value.

create or replace temp macro figure_value(kind, numerator, denominator, scale) as
    case kind
        when 'total' then coalesce(numerator, 0)
        when 'quantile' then case when denominator > 0 then numerator end
        else scale * numerator / case when denominator > 0 then denominator end
    end;
