-- Committees of communities and branches at work on $as_of with the homes and centre households below each, what
-- breaks its link, and the ledger row. The committee first, then those with most homes. One row per unit.

with centres as (
    select above_id, count(distinct unit_id) as centres
    from linkage_above($as_of)
    where tier = '小区-中心户'
    group by above_id
)
select
    u.community_code,
    case u.tier when '街道-社区' then '社区大党委' else '小区（片区）党支部' end as kind,
    u.unit_name,
    coalesce(homes.households, 0) as households,
    coalesce(homes.neighbourhoods, 0) as neighbourhoods,
    coalesce(centres.centres, 0)::integer as centres,
    case when exists (select 1 from linkage) then u.reason end as reason,
    f.file_name,
    f.sheet_name,
    l.source_row
from linkage_chain($as_of) as u
join lineage as l on l.entity_table = u.entity_table and l.entity_id = u.unit_id
join source_file as f on f.source_id = l.source_id
left join organisation_homes() as homes
    on homes.entity_table = u.entity_table and homes.unit_id = u.unit_id
left join centres on centres.above_id = u.unit_id
where
    u.entity_table <> 'building_post'
    and u.community_code is not null
    and u.reason is distinct from '包保对象已撤销'
    and u.reason is distinct from '没有党员中心户'
order by u.tier = '社区-小区', households desc, u.unit_id
