-- How many projects in scope reached each stage by the end of $as_of, of those planned for the
-- year of $as_of and the $years_back years before it. One row per stage.

with chosen as (
    select p.project_id, p.households
    from renovation_project as p
    join community as c on c.community_code = p.community_code
    where
        p.plan_year between year($as_of) - $years_back and year($as_of)
        and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
)
select
    k.stage,
    k.milestone,
    (select count(*) from chosen)::integer as planned_projects,
    (select coalesce(sum(households), 0) from chosen)::integer as planned_households,
    count(chosen.project_id)::integer as projects,
    coalesce(sum(chosen.households), 0)::integer as households
from renovation_step as k
left join renovation_stage as s on s.stage = k.stage and s.actual_on <= $as_of
left join chosen on chosen.project_id = s.project_id
group by k.stage, k.milestone, k.position
order by k.position
