-- What each community received from the fund by the end of $as_of, by theme; those that
-- received nothing first, then the least per resident. One row per community in the register.

with homes as (
    select community_code, sum(residents) as residents
    from building
    group by community_code
),
spent as (
    select
        community_code,
        count(*) as entries,
        sum(amount_yuan) as yuan,
        sum(amount_yuan) filter (theme = '一老一小') as young_old,
        sum(amount_yuan) filter (theme = '社区公益') as welfare,
        sum(amount_yuan) filter (theme = '邻里关照') as neighbours,
        max(booked_on) as last_on
    from fund_entry
    where direction = '支出' and booked_on <= $as_of
    group by community_code
)
select
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    coalesce(spent.yuan, 0)::bigint as spent_yuan,
    coalesce(spent.entries, 0)::integer as entries,
    coalesce(spent.young_old, 0)::bigint as young_old_yuan,
    coalesce(spent.welfare, 0)::bigint as welfare_yuan,
    coalesce(spent.neighbours, 0)::bigint as neighbours_yuan,
    homes.residents::integer as residents,
    figure_value('ratio', coalesce(spent.yuan, 0), homes.residents, 1) as yuan_per_resident,
    spent.last_on
from community as c
join street as s on s.street_code = c.street_code
left join homes on homes.community_code = c.community_code
left join spent on spent.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
order by spent_yuan > 0, yuan_per_resident nulls last, c.community_code
