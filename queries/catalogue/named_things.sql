-- What can be looked for by its name: streets and communities in the register at the end of the
-- version's last month, stations with a door on the walking network, projects and sites, each with
-- the street and the community it belongs to. One row per thing.

with last as (
    select max(month_end) as day from month
),
thing as (
    select '街道' as kind, street_code as thing_id, street_name as thing_name, street_code, null as community_code
    from street, last
    where valid_from <= last.day and coalesce(valid_to > last.day, true)
    union all
    select '社区', community_code as thing_id, community_name, street_code, community_code
    from community, last
    where valid_from <= last.day and coalesce(valid_to > last.day, true)
    union all
    select '阵地', station_id, station_name, street_code, community_code
    from station
    where station_id in (select entity_id from walk_door where entity_table = 'station')
    union all
    select '改造项目', p.project_id, p.project_name, c.street_code, p.community_code
    from renovation_project as p
    join community as c on c.community_code = p.community_code
    union all
    select '基金项目', p.project_id, p.project_name, c.street_code, p.community_code
    from fund_project as p
    join community as c on c.community_code = p.community_code
    union all
    select '示范点', d.site_id, d.site_name, c.street_code, d.community_code
    from demo_site as d
    join community as c on c.community_code = d.community_code
)
select
    t.kind,
    t.thing_id,
    t.thing_name,
    t.street_code,
    s.street_name,
    t.community_code,
    c.community_name,
    count(*) over (partition by t.kind, t.thing_name) = 1 as is_alone
from thing as t
join street as s on s.street_code = t.street_code
left join community as c on c.community_code = t.community_code
order by t.kind, t.thing_name, t.thing_id
