/*
id = "fund_income"
name = "社区基金累计收入"
short = "基金收入"
group = "智 服务"
kind = "total"
window = "cumulative"
level = "district"
unit = "元"
one_row = "一笔社区基金收入"
entities = ["fund_entry"]
numerator = "到月末累计的社区基金收入"
direction = "none"
cadence = "每月"
source = "由社区基金台账的收入计"
mark = "own"
caveat = "收入多为全区统筹，不分到街道，故只在全区看。"
moves = { came = "新收入" }
*/
select
    entry_id as entity_id,
    item as entity_name,
    null::varchar as street_code,
    null::varchar as community_code,
    amount_yuan as numerator,
    null::bigint as denominator
from fund_entry
where direction = '收入' and booked_on <= $as_of
