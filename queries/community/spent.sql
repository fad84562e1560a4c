-- What the community fund spent on communities up to $as_of, with the project of each entry, and the
-- ledger row. The latest first. One row per entry.

select
    e.community_code,
    e.entry_id,
    e.booked_on,
    e.theme,
    e.element,
    e.item,
    e.amount_yuan,
    p.project_name,
    f.file_name,
    f.sheet_name,
    e.source_row
from fund_entry as e
join source_file as f on f.source_id = e.source_id
left join fund_project_entry using (entry_id)
left join fund_project as p using (project_id)
where e.direction = '支出' and e.community_code is not null and e.booked_on <= $as_of
order by e.booked_on desc, e.entry_id
