-- The community fund of the whole district month by month up to $as_of (most income belongs to no
-- street): income, spending, balance. One row per month of the version.
-- Where the version has one street's rows alone, what the stored sums have more is the others'.

with booked as (
    select
        date_trunc('month', booked_on) as month,
        sum(amount_yuan) filter (direction = '收入') as income,
        sum(amount_yuan) filter (direction = '支出') as spent
    from fund_entry
    where booked_on <= $as_of
    group by all
),
stored as (
    select
        month,
        sum(numerator) filter (metric_id = 'fund_income') as income,
        sum(numerator) filter (metric_id = 'fund_spent') as spent
    from metric_value
    where metric_id in ('fund_income', 'fund_spent') and variant = 'base'
    group by month
),
so_far as (
    select
        m.month,
        coalesce(sum(b.income), 0) as income,
        coalesce(sum(b.spent), 0) as spent,
        coalesce(sum(b.income) filter (b.month = m.month), 0) as income_in,
        coalesce(sum(b.spent) filter (b.month = m.month), 0) as spent_in
    from month as m
    left join booked as b on b.month <= m.month
    where m.month <= $as_of
    group by m.month
),
elsewhere as (
    select
        so_far.*,
        coalesce(stored.income - so_far.income, 0) as income_more,
        coalesce(stored.spent - so_far.spent, 0) as spent_more
    from so_far
    left join stored using (month)
)
select
    strftime(month, '%Y-%m') as month,
    (income_in + income_more - lag(income_more, 1, 0) over by_month)::bigint as income_yuan,
    (spent_in + spent_more - lag(spent_more, 1, 0) over by_month)::bigint as spent_yuan,
    (income + income_more - spent - spent_more)::bigint as balance_yuan
from elsewhere
window by_month as (order by month)
order by month
