/*
id = "fund_balance"
name = "社区基金结余"
short = "基金结余"
group = "智 服务"
kind = "total"
window = "cumulative"
level = "district"
unit = "元"
one_row = "一笔社区基金收入（正）或支出（负）"
entities = ["fund_entry"]
numerator = "到月末累计收入减累计支出"
direction = "none"
cadence = "每月"
source = "由社区基金台账的收支计"
mark = "own"
caveat = "收入多为全区统筹，不分到街道，故结余只在全区看。"
moves = { came = "收支相抵" }
*/
select
    entry_id as entity_id,
    item as entity_name,
    null::varchar as street_code,
    null::varchar as community_code,
    case direction when '收入' then amount_yuan else -amount_yuan end as numerator,
    null::bigint as denominator
from fund_entry
where booked_on <= $as_of
