-- Who held what in one grid ($grid) up to $as_of: its posts, then the leaders and centre households of
-- its buildings, with their ledger rows. Posts and homes only, no persons. One row per record.

with records as (
    select
        1 as part,
        r.role_name as post,
        null as building_name,
        p.filled_on as since_on,
        case when p.vacated_on <= $as_of then p.vacated_on end as until_on,
        p.source_id,
        p.source_row,
        p.role_id as position
    from grid_post as p
    join grid_role as r using (role_id)
    where p.grid_id = $grid and p.filled_on <= $as_of
    union all
    select
        2,
        p.kind as post,
        b.building_name,
        p.since_on,
        case when p.until_on <= $as_of then p.until_on end,
        p.source_id,
        p.source_row,
        p.kind as position
    from building_post as p
    join building as b using (building_id)
    where b.grid_id = $grid and p.since_on <= $as_of
)
select
    post,
    building_name,
    since_on,
    until_on,
    case when until_on is null then '在岗' else '已离岗' end as state,
    f.file_name,
    f.sheet_name,
    records.source_row
from records
join source_file as f using (source_id)
order by part, records.position, since_on desc
