/*
id = "drill_weights_unknown"
name = "拉练所记的权重读不出"
severity = "警告"
entity = "drill_event"
mend = "核对拉练台账的各项权重：指标编号=权重，以分号隔开；照拉练赛马页所写。"
*/
select
    e.drill_id as entity_id,
    strftime(e.month, '%Y-%m') || e.board || '所记的“' || e.part || '”不是榜上指标的权重。' as message
from (
    select drill_id, board, month, unnest(string_split(weights, ';')) as part from drill_event
) as e
left join board_metric as b
    on b.board = e.board
    and b.year = year(e.month)
    and b.metric_id = split_part(e.part, '=', 1)
where b.metric_id is null or try_cast(split_part(e.part, '=', 2) as double) is null
