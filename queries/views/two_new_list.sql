-- Two-new organisations at work on $as_of: kind, industry, cluster, how and since when covered then,
-- days since they opened, and the ledger row. The oldest first. One row per organisation.

select
    o.org_id,
    o.org_name,
    o.kind,
    i.industry_name,
    k.cluster_name,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name,
    o.opened_on,
    $as_of - o.opened_on as open_days,
    case when o.covered_on <= $as_of then o.cover else '未覆盖' end as cover,
    case when o.covered_on <= $as_of then o.covered_on end as covered_on,
    f.file_name,
    f.sheet_name,
    o.source_row
from two_new_org as o
join industry_committee as i using (industry_id)
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = o.source_id
left join cluster as k on k.cluster_id = o.cluster_id and k.named_on <= $as_of
where o.opened_on <= $as_of and coalesce(o.closed_on > $as_of, true)
order by o.opened_on, o.org_id
