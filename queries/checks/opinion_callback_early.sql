/*
id = "opinion_callback_early"
name = "没有办结就回访"
severity = "警告"
entity = "opinion"
mend = "核对回访日期与民情台账的办结日期；还没有办结的，办结后再回访。"
*/
select
    o.opinion_id as entity_id,
    '民情' || o.opinion_id || case
        when o.closed_on is null then '还没有办结'
        else o.closed_on || '才办结'
    end || '，回访却登记在' || b.called_on || '。' as message
from opinion_callback as b
join opinion as o using (opinion_id)
where o.closed_on is null or b.called_on < o.closed_on
