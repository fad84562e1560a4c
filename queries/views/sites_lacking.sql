-- The communities in scope that lack one item of the checklist by the end of $as_of, with the
-- ledger row. One row per community.

select
    s.street_name,
    c.community_name,
    k.measured,
    i.unit,
    k.checked_on,
    shown.community_code is not null as is_demo,
    f.file_name,
    f.sheet_name,
    k.source_row
from full_community_standing($as_of) as k
join full_community_item as i using (item_id)
join community as c on c.community_code = k.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = k.source_id
left join demo_communities($as_of) as shown on shown.community_code = k.community_code
where
    k.result = '未达标'
    and i.item_name = $item
    and i.dimension = $dimension
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
order by is_demo desc, c.community_code
