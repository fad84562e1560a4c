/*
id = "board_metric_unknown"
name = "赛马指标不在指标口径里"
severity = "错误"
entity = "board_metric"
mend = "在赛马指标台账把指标编号改成“指标口径”页上的编号。"
*/
select
    b.entry_id as entity_id,
    b.year || '年' || b.board || '的“' || b.metric_id || '”不在指标口径里。' as message
from board_metric as b
left join metric_definition as d using (metric_id)
where d.metric_id is null
