-- What `views/renewal_stages` has of the projects of other streets, nameless, where the version has one
-- street's rows alone, planned by the year of $as_of. One row per project and stage.

select
    '～' || e.project_no as project_id,
    e.stage,
    dense_rank() over (order by k.position)::integer as step,
    e.households,
    case when e.actual_on <= $as_of then e.actual_on end as actual_on
from renovation_elsewhere as e
join renovation_step as k using (stage)
where e.plan_year <= year($as_of)
order by e.project_no, k.position
