-- Entries of the community fund in scope by the end of $as_of, with the project each belongs to and
-- the ledger row. Theme, element, direction, month (its first day) and project narrow them down
-- where they are given. One row per entry.

select
    f.entry_id,
    f.booked_on,
    f.direction,
    s.street_name,
    c.community_name,
    f.theme,
    f.element,
    f.item,
    f.amount_yuan,
    p.project_name,
    sf.file_name,
    sf.sheet_name,
    f.source_row
from fund_entry as f
left join community as c on c.community_code = f.community_code
left join street as s on s.street_code = c.street_code
join source_file as sf on sf.source_id = f.source_id
left join fund_project_entry as l using (entry_id)
left join fund_project as p using (project_id)
where
    f.booked_on <= $as_of
    and ($direction::varchar is null or f.direction = $direction::varchar)
    and ($month::date is null or date_trunc('month', f.booked_on) = $month::date)
    and ($project::varchar is null or l.project_id = $project::varchar)
    and ($theme::varchar is null or f.theme = $theme::varchar)
    and ($element::varchar is null or f.element = $element::varchar)
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
order by f.booked_on desc, f.entry_id
