-- Required posts of grids that nobody holds on $as_of: since when, and the ledger row of the last
-- holder, or of the grid where there is no record of any. The longest first. One row per post.

select
    v.grid_id,
    g.grid_name,
    c.street_code,
    s.street_name,
    g.community_code,
    c.community_name,
    v.role_id,
    v.role_name,
    v.is_leader,
    v.since_on,
    v.vacant_days,
    v.post_id is not null as was_held,
    g.households,
    f.file_name,
    f.sheet_name,
    coalesce(p.source_row, g.source_row) as source_row
from grid_vacancies($as_of) as v
join grid_unit as g using (grid_id)
join community as c on c.community_code = g.community_code
join street as s on s.street_code = c.street_code
left join grid_post as p on p.post_id = v.post_id
join source_file as f on f.source_id = coalesce(p.source_id, g.source_id)
where v.is_required
order by v.vacant_days desc, g.households desc, v.grid_id, v.role_id
