/*
id = "grids_without_leader"
kind = "网格长空缺"
title = "{place_name}网格长空缺"
severity = "紧急"
page = "dictionary"
template = "网格长空缺{grids:名}，涉及{households:户}：{names}。"
ask = "配齐{place_name}空缺的网格长{grids:名}（涉及{households:户}）"
link = { metric = "grid_leader_rate", street = "{street_name}", community = "{community_name}" }
*/
with led as (
    select distinct p.grid_id
    from grid_post as p
    join grid_role as r using (role_id)
    where r.is_leader and p.filled_on <= $as_of and coalesce(p.vacated_on > $as_of, true)
),
vacant as (
    select
        c.street_code,
        s.street_name,
        c.community_code,
        c.community_name,
        c.community_name || g.grid_name as grid_name,
        g.households
    from grid_unit as g
    join community as c using (community_code)
    join street as s on s.street_code = c.street_code
    where
        g.set_on <= $as_of
        and coalesce(g.merged_on > $as_of, true)
        and g.grid_id not in (select grid_id from led)
)
select
    street_code,
    street_name,
    community_code,
    community_name,
    grouping(community_code) = 0 as narrow,
    coalesce(community_name, street_name) as place_name,
    count(*) as grids,
    sum(households) as households,
    list(grid_name order by households desc) as names,
    count(*) as weight
from vacant
group by grouping sets (
    (street_code, street_name),
    (street_code, street_name, community_code, community_name)
)
