/*
id = "workday_year_missing"
name = "没有当年的放假安排"
severity = "警告"
entity = "opinion"
mend = "国务院办公厅一般在上年11月公布放假安排：把当年的放假与调休上班补入工作日台账，再核对应办结日期。"
*/
select
    min(o.opinion_id) as entity_id,
    '有' || count(*) || '项民情在' || year(o.due_on)
        || '年到期，工作日台账没有当年的放假安排，工作日按周末休息预估。' as message
from opinion as o
join working_day as d on d.day = o.due_on
where not d.is_published and (select max(month_end) from month) >= make_date(year(o.due_on) - 1, 11, 30)
group by year(o.due_on)
