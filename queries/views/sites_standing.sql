-- How every community stands on every item of the checklist by the end of $as_of, as counts that
-- add up: met, lacking, not needed, lacking where a demonstration site is. One row per both.

select
    k.item_id,
    c.street_code,
    k.community_code,
    (k.result = '达标')::integer as met,
    (k.result = '未达标')::integer as lacking,
    (k.result = '不适用')::integer as not_applicable,
    (k.result = '未达标' and shown.community_code is not null)::integer as lacking_sites
from full_community_standing($as_of) as k
join community as c on c.community_code = k.community_code
left join demo_communities($as_of) as shown on shown.community_code = k.community_code
order by k.item_id, k.community_code
