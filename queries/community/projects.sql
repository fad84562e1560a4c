-- Renovation projects that were planned by the year of $as_of: the last stage reached and
-- since when, money by then, and the ledger row. The latest plans first. One row per project.

with reached as (
    select
        s.project_id,
        arg_max(s.stage, k.position) as stage,
        arg_max(s.actual_on, k.position) as since_on,
        max(k.position) = (select max(position) from renovation_step) as is_over
    from renovation_stage as s
    join renovation_step as k using (stage)
    where s.actual_on <= $as_of
    group by s.project_id
),
money as (
    select project_id, sum(paid_yuan)::bigint as paid_yuan
    from investment
    where month <= $as_of
    group by project_id
)
select
    p.community_code,
    p.project_id,
    p.project_name,
    p.category,
    p.plan_year,
    coalesce(r.stage, '未申报') as stage,
    r.since_on,
    coalesce(r.is_over, false) as is_over,
    w.waited_days::integer as waited_days,
    coalesce(w.is_stalled, false) as is_stalled,
    p.households,
    p.budget_yuan,
    coalesce(money.paid_yuan, 0) as paid_yuan,
    f.file_name,
    f.sheet_name,
    p.source_row
from renovation_project as p
join source_file as f on f.source_id = p.source_id
left join reached as r using (project_id)
left join money using (project_id)
left join renovation_waiting($as_of, $share, $fewest) as w on w.project_id = p.project_id
where p.plan_year <= year($as_of)
order by is_over, p.plan_year desc, p.project_id
