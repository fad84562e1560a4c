/*
id = "elevator_out_of_order"
name = "加装电梯日期先后颠倒"
severity = "警告"
entity = "elevator"
mend = "核对加装电梯台账：申请、审批、开工、投用的日期应依次不早于前一个，也不应跳过。"
*/
select
    elevator_id as entity_id,
    elevator_name || case
        when approved_on < applied_on then '审批（' || approved_on || '）早于申请（' || applied_on || '）。'
        when started_on < approved_on then '开工（' || started_on || '）早于审批（' || approved_on || '）。'
        when in_use_on < started_on then '投用（' || in_use_on || '）早于开工（' || started_on || '）。'
        when started_on is not null and approved_on is null then '已开工而没有审批日期。'
        else '已投用而没有开工日期。'
    end as message
from elevator
where
    approved_on < applied_on
    or started_on < approved_on
    or in_use_on < started_on
    or (started_on is not null and approved_on is null)
    or (in_use_on is not null and started_on is null)
