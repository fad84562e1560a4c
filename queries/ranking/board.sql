-- The metrics of a board in a year, each with why it may not be on it (null: it may).

select
    b.metric_id,
    b.weight,
    b.floor,
    b.target,
    b.noise,
    board_refusal(d.metric_name, d.kind, d.direction, d.sql_text) as refusal
from board_metric as b
join metric_definition as d using (metric_id)
where b.board = $board and b.year = $year
order by b.entry_id
