/*
id = "board_metric_reversed"
name = "赛马指标的零分线与满分线方向反了"
severity = "错误"
entity = "board_metric"
mend = "核对赛马指标台账的零分线与满分线：越高越好的满分线在上，越低越好的在下。"
*/
select
    b.entry_id as entity_id,
    b.year || '年' || b.board || '的“' || d.metric_name || '”越'
        || case d.direction when 'up' then '高' else '低' end || '越好，零分线是' || b.floor::decimal(18, 2)
        || '，满分线却是' || b.target::decimal(18, 2) || '。' as message
from board_metric as b
join metric_definition as d using (metric_id)
where d.direction != 'none' and (d.direction = 'up') != (b.target > b.floor)
