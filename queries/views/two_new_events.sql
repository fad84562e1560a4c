-- What happened to two-new organisations from $window_start to $as_of: opened, covered by a party
-- organisation, closed with one and without, with the ledger row. The latest first. One row per event.

with events as (
    select
        org_id,
        opened_on as happened_on,
        '新开办' as event
    from two_new_org
    union all
    select
        org_id,
        covered_on,
        '新建党组织'
    from two_new_org
    where cover in ('单独组建', '联合组建')
    union all
    select
        org_id,
        closed_on,
        case
            when cover in ('单独组建', '联合组建') and covered_on < closed_on then '注销（有党组织）'
            else '注销（没有党组织）'
        end
    from two_new_org
)
select
    e.happened_on,
    e.event,
    o.org_name,
    o.kind,
    i.industry_name,
    k.cluster_name,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name,
    f.file_name,
    f.sheet_name,
    o.source_row
from events as e
join two_new_org as o using (org_id)
join industry_committee as i on i.industry_id = o.industry_id
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = o.source_id
left join cluster as k on k.cluster_id = o.cluster_id and k.named_on <= $as_of
where e.happened_on between $window_start and $as_of
order by e.happened_on desc, e.event, o.org_id
