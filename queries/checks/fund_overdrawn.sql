/*
id = "fund_overdrawn"
name = "社区基金支出超过收入"
severity = "警告"
entity = "fund_entry"
mend = "核对社区基金台账的入账日期与金额：累计支出不应多于累计收入。"
*/
with running as (
    select
        entry_id,
        booked_on,
        direction,
        sum(case direction when '收入' then amount_yuan else -amount_yuan end) over (
            order by booked_on
        ) as balance
    from fund_entry
)
select
    entry_id as entity_id,
    '到' || booked_on || '累计支出多于累计收入' || format('{:,.1f}', -balance / 10000) || '万元。' as message
from running
where balance < 0 and direction = '支出'
