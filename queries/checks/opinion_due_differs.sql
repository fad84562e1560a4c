/*
id = "opinion_due_differs"
name = "应办结日期与办理时限不符"
severity = "警告"
entity = "opinion"
mend = "按类别的办理时限从受理次日起数工作日（放假与调休上班以工作日台账为准），改正民情台账的应办结日期，或补正时限。"
*/
with due as (
    select
        o.opinion_id,
        o.due_on,
        c.limit_workdays,
        d.day as right_on
    from opinion as o
    join opinion_category as c using (category)
    join working_day as r on r.day = o.received_on
    join working_day as d on d.worked_days = r.worked_days + c.limit_workdays and d.is_worked
    where r.is_published and d.is_published
)
select
    opinion_id as entity_id,
    '民情' || opinion_id || '的应办结日期是' || due_on || '，按' || limit_workdays || '个工作日应为'
        || right_on || '，' || case when due_on > right_on then '晚' else '早' end
        || abs(due_on - right_on) || '个日历日。' as message
from due
where due_on != right_on
