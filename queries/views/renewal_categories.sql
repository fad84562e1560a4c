-- Projects by category: planned for the year of $as_of and the $years_back years before it, and of
-- these started, finished and accepted by its end; in projects, neighbourhoods and households. One
-- row per category and community, and one per community without category for all of them; the rows
-- of a choice of communities add up, since a neighbourhood lies in one.

with reached as (
    select
        s.project_id,
        bool_or(k.milestone = '开工') as started,
        bool_or(k.milestone = '完工') as finished,
        bool_or(k.milestone = '验收') as accepted
    from renovation_stage as s
    join renovation_step as k using (stage)
    where s.actual_on <= $as_of
    group by s.project_id
)
select
    c.street_code,
    p.community_code,
    p.category,
    count(*)::integer as projects,
    count(distinct p.neighbourhood_id)::integer as neighbourhoods,
    sum(p.households)::integer as households,
    count(*) filter (r.started)::integer as started_projects,
    count(distinct p.neighbourhood_id) filter (r.started)::integer as started_neighbourhoods,
    coalesce(sum(p.households) filter (r.started), 0)::integer as started_households,
    count(*) filter (r.finished)::integer as finished_projects,
    count(distinct p.neighbourhood_id) filter (r.finished)::integer as finished_neighbourhoods,
    coalesce(sum(p.households) filter (r.finished), 0)::integer as finished_households,
    count(*) filter (r.accepted)::integer as accepted_projects,
    count(distinct p.neighbourhood_id) filter (r.accepted)::integer as accepted_neighbourhoods,
    coalesce(sum(p.households) filter (r.accepted), 0)::integer as accepted_households
from renovation_project as p
join community as c on c.community_code = p.community_code
left join reached as r using (project_id)
where p.plan_year between year($as_of) - $years_back and year($as_of)
group by grouping sets (
    (c.street_code, p.community_code, p.category), (c.street_code, p.community_code)
)
order by list_position(['基础类', '完善类', '提升类'], p.category) nulls last, p.community_code
