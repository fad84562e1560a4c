/*
id = "projects_stalled"
kind = "改造项目停滞"
title = "{project_name}停滞"
severity = "紧急"
page = "renovation"
template = "{stage}后{days:天}仍未进入下一阶段；{cohort}项目九成在{usual:天}内进入，超出{over:天}；涉及{households:户}、计划总投资{budget_yuan:元}。"
ask = "推动“{project_name}”转入下一阶段（{stage}后{days:天}没有进展）"
link = { part = "一个项目", project = "{project_name}", metric = "renovation_stalled", street = "{street_name}", community = "{community_name}" }

[params]
share = 0.9
fewest = 5
*/
select
    p.project_name,
    p.households,
    p.budget_yuan,
    c.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    w.stage,
    w.waited_days as days,
    w.usual_days as usual,
    w.waited_days - w.usual_days as over,
    coalesce('同类（' || w.cohort_category || '）', '各类') as cohort,
    w.waited_days / greatest(w.usual_days, 1) as weight
from renovation_waiting($as_of, $share, $fewest) as w
join renovation_project as p using (project_id)
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where w.is_stalled
