-- Who backed one unit ($tier, $unit) up to $as_of, the latest first: post, its organisation, from when
-- until when, and the ledger row. One row per link.

select
    l.link_id,
    coalesce(p.committee_name, b.branch_name, '区') as backer_name,
    l.backer_post,
    l.since_on,
    case when l.until_on <= $as_of then l.until_on end as until_on,
    case when l.until_on <= $as_of then '已终止' else '在包保' end as state,
    f.file_name,
    f.sheet_name,
    l.source_row
from linkage as l
left join party_committee as p on p.committee_id = l.backer_committee_id
left join party_branch as b on b.branch_id = l.backer_branch_id
join source_file as f on f.source_id = l.source_id
where
    l.tier = $tier
    and coalesce(l.committee_id, l.branch_id, l.post_id) = $unit
    and l.since_on <= $as_of
order by l.since_on desc, l.link_id desc
