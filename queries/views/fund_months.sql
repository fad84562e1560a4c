-- The community fund of the whole district month by month up to $as_of (most income belongs to no
-- street): income, spending, balance. One row per month of the version.

with booked as (
    select
        date_trunc('month', booked_on) as month,
        sum(amount_yuan) filter (direction = '收入') as income,
        sum(amount_yuan) filter (direction = '支出') as spent
    from fund_entry
    where booked_on <= $as_of
    group by all
)
select
    strftime(m.month, '%Y-%m') as month,
    coalesce(b.income, 0)::bigint as income_yuan,
    coalesce(b.spent, 0)::bigint as spent_yuan,
    (select coalesce(sum(e.income), 0) - coalesce(sum(e.spent), 0) from booked as e
    where e.month <= m.month)::bigint as balance_yuan
from month as m
left join booked as b using (month)
where m.month <= $as_of
order by m.month
