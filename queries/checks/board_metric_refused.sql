/*
id = "board_metric_refused"
name = "赛马指标不得列入评比"
severity = "警告"
entity = "board_metric"
mend = "从赛马指标台账去掉这一行，并调整其余指标的权重；未去掉之前不计入。"
*/
-- board_refusal：见 queries/schema/11_drills.sql
select
    b.entry_id as entity_id,
    b.year || '年' || b.board || '列入“' || d.metric_name || '”：'
        || board_refusal(d.metric_name, d.kind, d.direction, d.sql_text) || '。' as message
from board_metric as b
join metric_definition as d using (metric_id)
where board_refusal(d.metric_name, d.kind, d.direction, d.sql_text) is not null
