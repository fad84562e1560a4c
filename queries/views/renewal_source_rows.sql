-- The entries behind one source of renovation money in scope by the end of $as_of, with their
-- ledger rows. One row per entry.

select
    p.project_name,
    s.street_name,
    strftime(i.month, '%Y-%m') as month,
    i.planned_yuan,
    i.allocated_yuan,
    i.paid_yuan,
    f.file_name,
    f.sheet_name,
    i.source_row
from investment as i
join renovation_project as p using (project_id)
join community as c on c.community_code = p.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = i.source_id
where
    i.source = $source
    and i.month <= $as_of
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
order by i.month, p.project_name
