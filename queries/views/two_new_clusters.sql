-- Clusters of industry named by $as_of: street, leading committee, industry as the ledger says it,
-- stations in use then, and the ledger row. One row per cluster.

select
    k.cluster_id,
    k.cluster_name,
    s.street_name,
    i.industry_name,
    k.industry_label,
    k.named_on,
    (
        select count(*)
        from station as t
        where
            t.cluster_id = k.cluster_id
            and t.opened_on <= $as_of
            and coalesce(t.closed_on > $as_of, true)
    ) as stations,
    f.file_name,
    f.sheet_name,
    k.source_row
from cluster as k
join street as s using (street_code)
join source_file as f on f.source_id = k.source_id
left join industry_committee as i on i.industry_id = k.industry_id
where k.named_on <= $as_of
order by k.named_on, k.cluster_id
