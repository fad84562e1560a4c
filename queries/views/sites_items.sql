-- The items of the checklist of the complete community. One row per item.

select
    item_id,
    dimension,
    domain,
    item_name,
    standard,
    mark,
    basis
from full_community_item
order by item_id
