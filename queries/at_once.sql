-- What a statement answers for each of some days, in its own order: `statement` stands for it, with
-- asked.as_of and asked.window_start in place of the parameters, and row_no for its order. One row per
-- day ($number, from 0) and row.

select asked.number, answer.*
from (
    select unnest($number) as number, unnest($as_of) as as_of, unnest($window_start) as window_start
) as asked, lateral (statement) as answer
order by asked.number, answer.row_no
