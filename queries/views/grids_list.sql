-- Grids in the register on $as_of: homes, posts due and filled, how long nobody has led it, leaders
-- and centre households of its buildings (null where no building is assigned to it), how far its
-- homes are outside $lowest to $highest, and the ledger row. Most vacancies first. One row per grid.

with vacant as (
    select
        grid_id,
        count(*) filter (is_required) as vacant_posts,
        string_agg(role_name, '、' order by role_id) filter (is_required) as vacant_names,
        max(vacant_days) filter (is_required) as vacant_days,
        min(vacant_days) filter (is_leader) as leader_days,
        count(*) filter (is_leader) as leader_posts
    from grid_vacancies($as_of)
    group by grid_id
)
select
    g.grid_id,
    g.grid_name,
    c.street_code,
    s.street_name,
    g.community_code,
    c.community_name,
    g.households,
    g.lon,
    g.lat,
    (select count(*) from grid_role where is_required)::integer as posts,
    coalesce(vacant.vacant_posts, 0)::integer as vacant_posts,
    vacant.vacant_names,
    vacant.vacant_days,
    case
        when vacant.leader_posts = (select count(*) from grid_role where is_leader)
            then vacant.leader_days
    end as leader_days,
    core.leaders::integer as leaders,
    core.centres::integer as centres,
    case
        when g.households > $highest then g.households - $highest
        when g.households < $lowest then g.households - $lowest
        else 0
    end as outside,
    f.file_name,
    f.sheet_name,
    g.source_row
from grid_unit as g
join community as c using (community_code)
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = g.source_id
left join vacant on vacant.grid_id = g.grid_id
left join grid_core($as_of) as core on core.grid_id = g.grid_id
where g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
order by vacant_posts desc, vacant.vacant_days desc nulls last, g.grid_id
