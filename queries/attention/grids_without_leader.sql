/*
id = "grids_without_leader"
title = "{street_name}有网格没有网格长"
severity = "紧急"
page = "dictionary"
template = "{grids:个}网格没有网格长在岗，涉及 {households:户}：{names}。"
link = { metric = "grid_leader_rate", street = "{street_name}" }
*/
with led as (
    select distinct p.grid_id
    from grid_post as p
    join grid_role as r using (role_id)
    where r.is_leader and p.filled_on <= $as_of and coalesce(p.vacated_on > $as_of, true)
)
select
    c.street_code,
    s.street_name,
    null::varchar as community_code,
    count(*) as grids,
    sum(g.households) as households,
    list(c.community_name || g.grid_name order by g.households desc) as names,
    count(*) as weight
from grid_unit as g
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where
    g.set_on <= $as_of
    and coalesce(g.merged_on > $as_of, true)
    and g.grid_id not in (select grid_id from led)
    and ($community::varchar is null or g.community_code = $community::varchar)
group by c.street_code, s.street_name
