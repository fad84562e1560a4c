/*
id = "claim_metric_unknown"
name = "公开数据对照的指标不在指标口径里"
severity = "错误"
entity = "claim"
mend = "在公开数据对照把指标编号、其他读法改成“指标口径”页上的编号，几种读法以分号隔开；没有对应指标的留空。"
*/
select
    c.claim_id as entity_id,
    c.subject || '对照的“' || c.metric_id || '”不在指标口径里。' as message
from (
    select claim_id, subject, metric_id from claim
    union all
    select claim_id, subject, trim(unnest(string_split(replace(other_metrics, '；', ';'), ';'))) from claim
) as c
left join metric_definition as d using (metric_id)
where c.metric_id is not null and d.metric_id is null
