-- The entries of renovation money in scope of the months up to $until, of one source where it is
-- given, with their ledger rows; what was allocated and paid is known by the end of $as_of. The
-- latest month first. One row per entry.

select
    p.project_name,
    s.street_name,
    strftime(i.month, '%Y-%m') as month,
    i.source,
    i.planned_yuan,
    case when i.month <= $as_of then i.allocated_yuan end as allocated_yuan,
    case when i.month <= $as_of then i.paid_yuan end as paid_yuan,
    f.file_name,
    f.sheet_name,
    i.source_row
from investment as i
join renovation_project as p using (project_id)
join community as c on c.community_code = p.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = i.source_id
where
    i.month <= $until
    and ($source::varchar is null or i.source = $source::varchar)
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
order by i.month desc, p.project_name, i.source
