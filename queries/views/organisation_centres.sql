-- Centre households in post on $as_of under the branches that cover their neighbourhoods: the post
-- that backs each, what breaks its link, and its ledger row. One row per branch and household.

select
    a.above_id as branch_id,
    p.post_id,
    b.building_name,
    n.neighbourhood_name,
    c.street_code,
    b.community_code,
    l.backer_post,
    l.since_on,
    chain.reason,
    f.file_name,
    f.sheet_name,
    p.source_row
from linkage_above($as_of) as a
join building_post as p on p.post_id = a.unit_id
join building as b using (building_id)
join neighbourhood as n on n.neighbourhood_id = b.neighbourhood_id
join community as c on c.community_code = b.community_code
join linkage_chain($as_of) as chain
    on chain.unit_id = p.post_id and chain.entity_table = 'building_post'
left join linkage_in_force($as_of) as l
    on l.tier = a.tier and l.unit_id = p.post_id and l.backer_id = a.above_id
join source_file as f on f.source_id = p.source_id
where a.tier = '小区-中心户'
order by chain.reason is null, n.neighbourhood_name, b.building_name, p.post_id
