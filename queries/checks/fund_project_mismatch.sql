/*
id = "fund_project_mismatch"
name = "基金支出与所属项目不符"
severity = "警告"
entity = "fund_entry"
mend = "核对社区基金项目支出台账：支出的社区、主题应与项目相同，收入不应归入项目。"
*/
select
    f.entry_id as entity_id,
    f.item || '（' || f.booked_on || '）'
        || case
            when f.direction = '收入' then '是收入，却归入项目'
            when f.community_code <> p.community_code then '的社区不同于所属项目'
            else '的主题不同于所属项目'
        end || p.project_name || '。' as message
from fund_project_entry
join fund_entry as f using (entry_id)
join fund_project as p using (project_id)
where f.direction = '收入' or f.community_code <> p.community_code or f.theme <> p.theme
