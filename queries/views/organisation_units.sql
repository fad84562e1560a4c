-- Committees and branches at work on $as_of with the homes below each (those of the neighbourhoods
-- of its street or community, or that it covers), the neighbourhoods and centre households there,
-- what breaks its own link, if anything, of a branch whether its homes are reached, and the ledger row.
-- One row per unit, from above.

with centres as (
    select above_id, count(distinct unit_id) as centres
    from linkage_above($as_of)
    where tier = '小区-中心户'
    group by above_id
)
select
    u.tier,
    u.entity_table,
    u.unit_id,
    u.unit_name,
    u.street_code,
    s.street_name,
    u.community_code,
    c.community_name,
    u.reason,
    coalesce(homes.households, 0) as households,
    coalesce(homes.neighbourhoods, 0) as neighbourhoods,
    coalesce(centres.centres, 0)::integer as centres,
    u.reason is null and tail.branch_id is not null as is_reached,
    f.file_name,
    f.sheet_name,
    coalesce(p.source_row, b.source_row) as source_row
from linkage_chain($as_of) as u
join street as s on s.street_code = u.street_code
left join community as c on c.community_code = u.community_code
left join organisation_homes() as homes
    on homes.entity_table = u.entity_table and homes.unit_id = u.unit_id
left join centres on centres.above_id = u.unit_id
left join linkage_tails($as_of) as tail on tail.branch_id = u.unit_id
left join party_committee as p on p.committee_id = u.unit_id and u.entity_table = 'party_committee'
left join party_branch as b on b.branch_id = u.unit_id and u.entity_table = 'party_branch'
left join source_file as f on f.source_id = coalesce(p.source_id, b.source_id)
where
    u.entity_table <> 'building_post'
    and u.reason is distinct from '包保对象已撤销'
    and u.reason is distinct from '没有党员中心户'
order by u.tier = '社区-小区', u.tier = '街道-社区', u.unit_id
