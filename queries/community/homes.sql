-- Neighbourhoods with who lives there, as the ledgers have them now, and the ledger
-- row. The largest first. One row per neighbourhood.

select
    n.community_code,
    n.neighbourhood_id,
    n.neighbourhood_name,
    n.kind,
    n.built_year,
    n.is_old,
    count(b.building_id)::integer as buildings,
    coalesce(sum(b.households), 0)::integer as households,
    coalesce(sum(b.residents), 0)::integer as residents,
    coalesce(sum(b.residents_60), 0)::integer as residents_60,
    coalesce(sum(b.residents_0_3), 0)::integer as residents_0_3,
    f.file_name,
    f.sheet_name,
    n.source_row
from neighbourhood as n
join source_file as f on f.source_id = n.source_id
left join building as b using (neighbourhood_id)
group by all
order by households desc, n.neighbourhood_id
