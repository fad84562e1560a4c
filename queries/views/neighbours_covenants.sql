-- Communities in the register on $as_of with the covenant in force, by what meeting and when it was adopted,
-- and the ledger row (of the community where there is none). Those without first, then the oldest. One row per community.

with live as (
    select *
    from covenant
    where adopted_on <= $as_of and coalesce(ended_on > $as_of, true)
    qualify row_number() over (partition by community_code order by adopted_on desc, covenant_id) = 1
)
select
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    case
        when live.covenant_id is not null then '有'
        when exists (select 1 from covenant as v where v.community_code = c.community_code and v.adopted_on <= $as_of)
            then '已废止'
        else '从未有过'
    end as state,
    live.meeting,
    live.adopted_on,
    case when live.filed_on <= $as_of then live.filed_on end as filed_on,
    f.file_name,
    f.sheet_name,
    coalesce(live.source_row, c.source_row) as source_row
from community as c
join street as s on s.street_code = c.street_code
left join live on live.community_code = c.community_code
join source_file as f on f.source_id = coalesce(live.source_id, c.source_id)
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
order by live.covenant_id is not null, live.adopted_on, c.community_code
