/*
id = "projects_stalled"
title = "{project_name}停滞"
severity = "紧急"
page = "dictionary"
template = "{stage}之后已停留 {days:天}，同一阶段九成项目不超过 {usual:天}；涉及 {households:户}、计划总投资 {budget_yuan:元}。"
link = { metric = "renovation_stalled", street = "{street_name}", community = "{community_name}" }

[params]
share = 0.9
fewest = 5
*/
with passed as (
    select
        project_id,
        list_position(['申报', '联审', '设计', '招标', '开工', '完工', '验收', '移交'], stage) as step,
        stage,
        actual_on
    from renovation_stage
    where actual_on <= $as_of
),
legs as (
    select
        project_id,
        step,
        stage,
        actual_on,
        lead(step) over project_steps as next_step,
        lead(actual_on) over project_steps as next_on
    from passed
    window project_steps as (partition by project_id order by step)
),
usual as (
    select step, quantile_cont(next_on - actual_on, $share) as days
    from legs
    where next_step = step + 1
    group by step
    having count(*) >= $fewest
)
select
    p.project_name,
    p.households,
    p.budget_yuan,
    c.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    legs.stage,
    $as_of - legs.actual_on as days,
    ceil(usual.days)::integer as usual,
    ($as_of - legs.actual_on) / greatest(usual.days, 1) as weight
from legs
join usual using (step)
join renovation_project as p using (project_id)
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where legs.next_step is null and legs.step < 8 and $as_of - legs.actual_on > usual.days
