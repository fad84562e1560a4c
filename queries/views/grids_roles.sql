-- Required posts by community and role on $as_of: how many there are and are filled, the homes of
-- their grids, and the days from $window_start of which somebody held them. One row per community
-- and role of the dictionary.

with days as (
    select g.community_code, d.role_id, sum(d.due_days) as due_days, sum(d.filled_days) as filled_days
    from grid_post_days($window_start, $as_of) as d
    join grid_unit as g using (grid_id)
    group by g.community_code, d.role_id
),
posts as (
    select
        g.community_code,
        r.role_id,
        count(*) as posts,
        count(*) filter (v.grid_id is null) as filled,
        sum(g.households) as households,
        coalesce(sum(g.households) filter (v.grid_id is null), 0) as filled_households
    from grid_unit as g
    cross join grid_role as r
    left join grid_vacancies($as_of) as v on v.grid_id = g.grid_id and v.role_id = r.role_id
    where r.is_required and g.set_on <= $as_of and coalesce(g.merged_on > $as_of, true)
    group by g.community_code, r.role_id
)
select
    c.street_code,
    days.community_code,
    days.role_id,
    r.role_name,
    coalesce(posts.posts, 0)::bigint as posts,
    coalesce(posts.filled, 0)::bigint as filled,
    coalesce(posts.households, 0)::bigint as households,
    coalesce(posts.filled_households, 0)::bigint as filled_households,
    days.due_days::bigint as due_days,
    days.filled_days::bigint as filled_days
from days
join grid_role as r using (role_id)
join community as c on c.community_code = days.community_code
left join posts on posts.community_code = days.community_code and posts.role_id = days.role_id
order by days.community_code, days.role_id
