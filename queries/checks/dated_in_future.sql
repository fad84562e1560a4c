/*
id = "dated_in_future"
name = "日期晚于本版本最后一月"
severity = "提示"
entity = "opinion"
mend = "核对民情台账的收到日期与办结日期；确为下月的事项等下月再入库。"
*/
select
    opinion_id as entity_id,
    '民情' || opinion_id || '收到或办结于' || greatest(received_on, closed_on) || '，晚于'
        || (select max(month_end) from month) || '。' as message
from opinion
where greatest(received_on, closed_on) > (select max(month_end) from month)
