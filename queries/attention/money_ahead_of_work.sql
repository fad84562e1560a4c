/*
id = "money_ahead_of_work"
kind = "资金下达未开工"
title = "{project_name}资金已下达、逾期未开工"
severity = "紧急"
page = "renovation"
template = "已下达{allocated:元}，计划{planned_on}开工，逾期{days:个日历日}仍未开工。"
ask = "推动“{project_name}”开工（已下达{allocated:元}，逾期{days:个日历日}）"
link = { part = "一个项目", project = "{project_name}", metric = "works_started", street = "{street_name}", community = "{community_name}" }

[params]
least_days = 60
*/
with allocated as (
    select project_id, sum(allocated_yuan) as yuan
    from investment
    where month <= $as_of
    group by project_id
)
select
    p.project_name,
    c.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    allocated.yuan as allocated,
    strftime(st.planned_on, '%Y年%-m月%-d日') as planned_on,
    $as_of - st.planned_on as days,
    allocated.yuan as weight
from renovation_stage as st
join renovation_step as k using (stage)
join renovation_project as p using (project_id)
join allocated using (project_id)
join community as c on c.community_code = p.community_code
join street as s on s.street_code = c.street_code
where
    k.milestone = '开工'
    and is_overdue(st.planned_on + $least_days, st.actual_on, $as_of)
    and allocated.yuan > 0
