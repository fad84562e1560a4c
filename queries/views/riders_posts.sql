-- Posts of new jobs up to $as_of: role, place, from and to (as known then), and the ledger row. Those
-- filled first, the latest first. One row per post and holder.

select
    p.post_id,
    p.role,
    c.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    g.grid_name,
    p.filled_on,
    case when p.vacated_on <= $as_of then p.vacated_on end as vacated_on,
    coalesce(p.vacated_on > $as_of, true) as is_filled,
    f.file_name,
    f.sheet_name,
    p.source_row
from new_job_role as p
join community as c using (community_code)
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = p.source_id
left join grid_unit as g on g.grid_id = p.grid_id
where p.filled_on <= $as_of
order by is_filled desc, p.filled_on desc, p.post_id
