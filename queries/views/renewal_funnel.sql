-- How many projects reached each stage by the end of $as_of, of those planned for the year of
-- $as_of and the $years_back years before it. One row per stage and community that has any; the
-- rows of a choice of communities add up.

select
    c.street_code,
    p.community_code,
    k.stage,
    count(*)::integer as planned_projects,
    sum(p.households)::integer as planned_households,
    count(s.project_id)::integer as projects,
    coalesce(sum(p.households) filter (s.project_id is not null), 0)::integer as households
from renovation_project as p
join community as c on c.community_code = p.community_code
cross join renovation_step as k
left join renovation_stage as s
    on s.project_id = p.project_id and s.stage = k.stage and s.actual_on <= $as_of
where p.plan_year between year($as_of) - $years_back and year($as_of)
group by c.street_code, p.community_code, k.stage, k.position
order by k.position, p.community_code
