-- Entries of the community fund in scope by the end of $as_of, of one theme and one element where
-- they are given, with the project each belongs to and the ledger row. One row per entry.

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
join community as c on c.community_code = f.community_code
join street as s on s.street_code = c.street_code
join source_file as sf on sf.source_id = f.source_id
left join fund_project_entry as l using (entry_id)
left join fund_project as p using (project_id)
where
    f.direction = '支出'
    and f.booked_on <= $as_of
    and ($theme::varchar is null or f.theme = $theme::varchar)
    and ($element::varchar is null or f.element = $element::varchar)
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
order by f.booked_on desc, f.entry_id
