-- Residents of finished projects in scope who could walk to a station offering a function within
-- $metres: on the day works began, and at the end of $as_of. A neighbourhood with several projects
-- counts once, from the first. One row per function, and one per function and project; residents
-- whose door no walk can start from are not counted.

with finished as (
    select
        s.project_id,
        max(s.actual_on) filter (k.milestone = '开工') as started_on
    from renovation_stage as s
    join renovation_step as k using (stage)
    where k.milestone in ('开工', '完工') and s.actual_on <= $as_of
    group by s.project_id
    having count(*) = 2
),
first_project as (
    select p.project_id, p.project_name, p.neighbourhood_id, p.community_code, f.started_on
    from finished as f
    join renovation_project as p using (project_id)
    qualify row_number() over (
        partition by p.neighbourhood_id order by f.started_on, p.project_id
    ) = 1
),
homes as (
    select f.project_id, f.project_name, f.started_on, d.door_no as building_no, b.residents
    from first_project as f
    join community as c on c.community_code = f.community_code
    join building as b on b.neighbourhood_id = f.neighbourhood_id
    join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
    where
        (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
        and ($community::varchar is null or c.community_code = $community::varchar)
),
offers as (
    select
        d.door_no as station_no,
        o.function,
        s.opened_on,
        coalesce(s.closed_on, date '9999-12-31') as closed_on
    from station as s
    join station_function as o using (station_id)
    join walk_door as d on d.entity_table = 'station' and d.entity_id = s.station_id
),
served as (
    select
        h.project_id,
        h.building_no,
        o.function,
        bool_or(o.opened_on <= h.started_on and o.closed_on > h.started_on) as before,
        bool_or(o.opened_on <= $as_of and o.closed_on > $as_of) as after
    from homes as h
    join reach as r on r.building_no = h.building_no
    join offers as o on o.station_no = r.station_no
    where r.metres <= $metres
    group by all
),
functions as (
    select distinct function from station_function where function <> '小哥窗口'  -- part of a canteen
)
select
    functions.function,
    homes.project_id,
    case when grouping(homes.project_id) = 0 then any_value(homes.project_name) end as project_name,
    case when grouping(homes.project_id) = 0 then any_value(homes.started_on) end as started_on,
    sum(homes.residents)::integer as residents,
    coalesce(sum(homes.residents) filter (served.before), 0)::integer as residents_before,
    coalesce(sum(homes.residents) filter (served.after), 0)::integer as residents_after
from homes
cross join functions
left join served
    on served.project_id = homes.project_id
    and served.building_no = homes.building_no
    and served.function = functions.function
group by grouping sets ((functions.function), (functions.function, homes.project_id))
order by homes.project_id nulls first, functions.function
