-- What breaks the linkage on $as_of, break by break, and what is only cut off from above, with who
-- backed the unit last and until when, the homes below it (none are known of a centre household or
-- of a unit that is gone) and its ledger row: of its last link, else of the unit itself. The breaks
-- that cut off the most homes first. One row per break or unit cut off.

with links as (
    select
        l.tier,
        coalesce(l.committee_id, l.branch_id, l.post_id) as unit_id,
        coalesce(p.committee_name, b.branch_name, '区') as backer_name,
        l.backer_post,
        case when l.until_on <= $as_of then l.until_on end as ended_on,
        l.source_id,
        l.source_row,
        row_number() over (
            partition by l.tier, coalesce(l.committee_id, l.branch_id, l.post_id)
            order by coalesce(l.until_on, date '9999-12-31') desc, l.since_on desc, l.link_id
        ) as nth
    from linkage as l
    left join party_committee as p on p.committee_id = l.backer_committee_id
    left join party_branch as b on b.branch_id = l.backer_branch_id
    where l.since_on <= $as_of
)
select
    broken.tier,
    broken.entity_table,
    broken.unit_id,
    broken.unit_name,
    broken.street_code,
    s.street_name,
    broken.community_code,
    c.community_name,
    broken.reason,
    broken.reason <> '上一级断开' as is_own,
    case when broken.reason <> '包保对象已撤销' then homes.households end as households,
    links.backer_name,
    links.backer_post,
    case when broken.reason = '包保已到期，无人接续' then links.ended_on end as ended_on,
    f.file_name,
    f.sheet_name,
    coalesce(links.source_row, own.source_row) as source_row
from linkage_chain($as_of) as broken
join street as s on s.street_code = broken.street_code
left join community as c on c.community_code = broken.community_code
left join organisation_homes() as homes
    on homes.entity_table = broken.entity_table and homes.unit_id = broken.unit_id
left join links on links.tier = broken.tier and links.unit_id = broken.unit_id and links.nth = 1
join lineage as own on own.entity_table = broken.entity_table and own.entity_id = broken.unit_id
join source_file as f on f.source_id = coalesce(links.source_id, own.source_id)
where broken.reason is not null
order by is_own desc, coalesce(homes.households, 0) desc, broken.tier, broken.unit_id
