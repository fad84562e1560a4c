-- The checklist of one community, item by item, as last checked by the end of $as_of, with the
-- standard, how far it may be trusted, and the ledger row. One row per item; an item never
-- checked has no result.

select
    i.dimension,
    i.domain,
    i.item_name,
    coalesce(k.result, '未核查') as result,
    i.standard,
    k.measured,
    i.unit,
    k.checked_on,
    i.mark,
    i.basis,
    f.file_name,
    f.sheet_name,
    k.source_row
from full_community_item as i
left join (
    select * from full_community_standing($as_of) where community_code = $community
) as k using (item_id)
left join source_file as f on f.source_id = k.source_id
order by i.item_id
