-- Every stage of every project planned by the year of $as_of, in the whole district, with its
-- planned date, its actual date as far as it was reached by then, and the ledger row. One row per
-- project and stage.

select
    s.project_id,
    s.stage,
    dense_rank() over (order by k.position)::integer as step,
    k.milestone,
    s.planned_on,
    case when s.actual_on <= $as_of then s.actual_on end as actual_on,
    f.file_name,
    f.sheet_name,
    s.source_row
from renovation_stage as s
join renovation_step as k using (stage)
join renovation_project as p using (project_id)
join source_file as f on f.source_id = s.source_id
where p.plan_year <= year($as_of)
order by s.project_id, k.position
