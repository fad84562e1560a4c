/*
id = "meals_used_over_earned"
name = "平价餐用得比挣得多"
severity = "警告"
entity = "meal_exchange"
mend = "核对送餐换餐台账：累计用掉的平价餐不应多于累计送餐单数。"
*/
with running as (
    select
        *,
        sum(deliveries - discounted) over (
            partition by station_id order by month
        ) as balance
    from meal_exchange
)
select
    r.station_id || '·' || strftime(r.month, '%Y-%m') as entity_id,
    s.station_name || '到' || strftime(r.month, '%Y-%m') || '累计用掉的平价餐比挣得的多' || -r.balance || '份。'
        as message
from running as r
join station as s using (station_id)
where r.balance < 0
