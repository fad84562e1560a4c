-- The places that have a committee on $as_of with their brand: the one in use, else the one that ended
-- last, with the ledger row of the brand, else of the committee. Places that never had one first, then
-- those whose brand ended. One row per place.

with known as (
    select
        *,
        coalesce(ended_on > $as_of, true) as is_live,
        row_number() over (
            partition by street_code, community_code
            order by coalesce(ended_on > $as_of, true) desc, declared_on desc, brand_id
        ) as nth
    from brand
    where declared_on <= $as_of
)
select
    p.committee_id,
    p.level,
    p.street_code,
    s.street_name,
    p.community_code,
    c.community_name,
    coalesce(c.community_name, s.street_name) as place_name,
    b.brand_name,
    b.theme,
    b.declared_on,
    case when not b.is_live then b.ended_on end as ended_on,
    case when b.brand_id is null then '从未有过' when b.is_live then '在用' else '已终止' end as state,
    f.file_name,
    f.sheet_name,
    coalesce(b.source_row, p.source_row) as source_row
from party_committee as p
join street as s on s.street_code = p.street_code
left join community as c on c.community_code = p.community_code
left join known as b
    on b.street_code = p.street_code
    and b.community_code is not distinct from p.community_code
    and b.nth = 1
join source_file as f on f.source_id = coalesce(b.source_id, p.source_id)
where p.established_on <= $as_of and coalesce(p.dissolved_on > $as_of, true)
order by b.brand_id is not null, coalesce(b.is_live, false), p.level desc, p.committee_id
