/*
id = "board_weights_sum"
name = "赛马榜的权重合计不是100"
severity = "警告"
entity = "board_metric"
mend = "在赛马指标台账核对这个榜这一年各项的权重；未改以前按比例折算。"
*/
select
    arg_min(entry_id, entry_id) as entity_id,
    year || '年' || board || '的权重合计是' || round(sum(weight), 2)::decimal(18, 2) || '，不是100。' as message
from board_metric
group by year, board
having abs(sum(weight) - 100) > 0.05
