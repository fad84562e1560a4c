/*
id = "bulletin_week_skipped"
name = "有一周没有通报"
severity = "提示"
entity = "bulletin"
mend = "核对一周动态台账；漏登的补登，确实没有印发的不必改。"
*/
select
    b.issue as entity_id,
    b.issue || '以前有' || datediff('day', b.before, b.week_start) // 7 - 1 || '周没有通报：' || b.before + 7 || '至'
        || b.week_start - 1 || '。' as message
from (select issue, week_start, lag(week_start) over (order by week_start) as before from bulletin) as b
where b.week_start > b.before + 7
