/*
id = "linkage_across_streets"
name = "包保岗位与对象不在同一街道"
severity = "警告"
entity = "linkage"
mend = "核对包保联动台账的包保组织编号与对象编号。"
*/
with placed as (
    select
        l.link_id,
        coalesce(low.street_code, bc.street_code, hc.street_code) as street_code,
        coalesce(low.committee_name, b.branch_name, h.building_name || '党员中心户') as unit_name,
        coalesce(high.street_code, high_bc.street_code) as backer_street,
        coalesce(high.committee_name, high_b.branch_name) as backer_name,
        l.backer_post
    from linkage as l
    left join party_committee as low on low.committee_id = l.committee_id
    left join party_branch as b on b.branch_id = l.branch_id
    left join community as bc on bc.community_code = b.community_code
    left join building_post as p on p.post_id = l.post_id
    left join building as h on h.building_id = p.building_id
    left join community as hc on hc.community_code = h.community_code
    left join party_committee as high on high.committee_id = l.backer_committee_id
    left join party_branch as high_b on high_b.branch_id = l.backer_branch_id
    left join community as high_bc on high_bc.community_code = high_b.community_code
    where coalesce(l.until_on > (select max(month_end) from month), true)
)
select
    placed.link_id as entity_id,
    own.street_name || placed.unit_name || '登记由' || placed.backer_name || '的'
        || placed.backer_post || '包保，不在同一街道。' as message
from placed
join street as own on own.street_code = placed.street_code
where placed.street_code <> placed.backer_street
