-- The community fund month by month up to $as_of: spending in scope; income and the balance of
-- the whole district, since most income belongs to no street. One row per month of the version.

with booked as (
    select
        date_trunc('month', f.booked_on) as month,
        sum(f.amount_yuan) filter (f.direction = '收入') as income,
        sum(f.amount_yuan) filter (f.direction = '支出') as spent,
        sum(f.amount_yuan) filter (
            f.direction = '支出'
            and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
        ) as spent_here
    from fund_entry as f
    left join community as c on c.community_code = f.community_code
    where f.booked_on <= $as_of
    group by all
)
select
    strftime(m.month, '%Y-%m') as month,
    coalesce(b.income, 0)::bigint as income_yuan,
    coalesce(b.spent, 0)::bigint as spent_yuan,
    coalesce(b.spent_here, 0)::bigint as spent_here_yuan,
    (select coalesce(sum(e.income), 0) - coalesce(sum(e.spent), 0) from booked as e
    where e.month <= m.month)::bigint as balance_yuan
from month as m
left join booked as b using (month)
where m.month <= $as_of
order by m.month
