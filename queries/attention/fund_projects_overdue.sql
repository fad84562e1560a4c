/*
id = "fund_projects_overdue"
kind = "基金项目逾期未交付"
title = "{project_name}逾期未交付"
severity = "关注"
page = "fund"
template = "{street_name}的社区基金项目，应于{due_on}交付，已逾期{days:个日历日}；已支出{spent:元}。"
ask = "督促“{project_name}”交付（应于{due_on}交付，已逾期{days:个日历日}）"
link = { metric = "fund_delivery_rate", street = "{street_name}", community = "{community_name}" }

[params]
least_days = 60
*/
with paid as (
    select l.project_id, sum(f.amount_yuan) as yuan
    from fund_project_entry as l
    join fund_entry as f using (entry_id)
    where f.booked_on <= $as_of
    group by l.project_id
)
select
    p.project_name,
    c.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    strftime(p.due_on, '%Y年%-m月%-d日') as due_on,
    $as_of - p.due_on as days,
    coalesce(paid.yuan, 0) as spent,
    $as_of - p.due_on as weight
from fund_project as p
join community as c using (community_code)
join street as s on s.street_code = c.street_code
left join paid using (project_id)
where is_overdue(p.due_on + $least_days, p.delivered_on, $as_of)
