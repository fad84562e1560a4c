/*
id = "fund_entry_without_project"
name = "基金支出没有归入项目"
severity = "警告"
entity = "fund_entry"
mend = "在社区基金项目支出台账里写明这笔支出属于哪个项目。"
*/
select
    f.entry_id as entity_id,
    c.community_name || '于' || f.booked_on || '支出“' || f.item || '”' || format('{:,}', f.amount_yuan)
        || '元，没有归入任何项目。' as message
from fund_entry as f
join community as c using (community_code)
left join fund_project_entry as l using (entry_id)
where
    f.direction = '支出'
    and l.entry_id is null
    and exists (from fund_project_entry)
