-- Renovation projects that were planned by the year of $as_of: where each stands, how
-- long it has stood there against nine in ten of its cohort, its milestones, money and
-- beneficiaries by that day, and the ledger row. The longest over the limit first, then the longest
-- where it stands; those that have passed every stage stand nowhere. One row per project.

with dated as (
    select
        s.project_id,
        max(s.planned_on) filter (k.milestone = '完工') as planned_finish_on,
        max(case when s.actual_on <= $as_of then s.actual_on end)
            filter (k.milestone = '开工') as started_on,
        max(case when s.actual_on <= $as_of then s.actual_on end)
            filter (k.milestone = '完工') as finished_on,
        max(case when s.actual_on <= $as_of then s.actual_on end)
            filter (k.milestone = '验收') as accepted_on,
        min(s.planned_on) filter (is_overdue(s.planned_on, s.actual_on, $as_of)) as overdue_since,
        count(*) filter (is_overdue(s.planned_on, s.actual_on, $as_of))::integer as overdue_stages
    from renovation_stage as s
    join renovation_step as k using (stage)
    group by s.project_id
),
money as (
    select
        project_id,
        sum(planned_yuan)::bigint as planned_yuan,
        sum(allocated_yuan)::bigint as allocated_yuan,
        sum(paid_yuan)::bigint as paid_yuan
    from investment
    where month <= $as_of
    group by project_id
),
confirmed as (
    select * from beneficiary where confirmed_on <= $as_of
)
select
    p.project_id,
    p.project_name,
    n.neighbourhood_name,
    p.neighbourhood_id,
    n.lon,
    n.lat,
    c.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    p.category,
    p.plan_year,
    p.households,
    p.budget_yuan,
    w.step::integer as step,
    coalesce(w.stage, '未申报') as stage,
    w.since_on,
    case when not w.is_over then w.waited_days::integer end as waited_days,
    w.usual_days::integer as usual_days,
    case when w.is_stalled then (w.waited_days - w.usual_days)::integer end as over_days,
    w.cohort_size::integer as cohort_size,
    coalesce(w.cohort_category, '各类') as cohort,
    coalesce(w.is_stalled, false) as is_stalled,
    coalesce(w.is_over, false) as is_over,
    d.planned_finish_on,
    d.started_on,
    d.finished_on,
    d.accepted_on,
    d.overdue_since,
    coalesce(d.overdue_stages, 0) as overdue_stages,
    coalesce(money.planned_yuan, 0) as planned_yuan,
    coalesce(money.allocated_yuan, 0) as allocated_yuan,
    coalesce(money.paid_yuan, 0) as paid_yuan,
    confirmed.unique_residents,
    confirmed.cumulative_residents,
    f.file_name,
    f.sheet_name,
    p.source_row
from renovation_project as p
join neighbourhood as n using (neighbourhood_id)
join community as c on c.community_code = p.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = p.source_id
left join renovation_waiting($as_of, $share, $fewest) as w using (project_id)
left join dated as d using (project_id)
left join money using (project_id)
left join confirmed using (project_id)
where p.plan_year <= year($as_of)
-- (The outcome and not the column of that name.)
order by over_days desc nulls last, case when not w.is_over then w.waited_days end desc nulls last, p.project_id
