/*
id = "fund_spent"
name = "社区基金五社联动投入"
short = "基金投入"
group = "智 服务"
kind = "total"
window = "cumulative"
level = "community"
unit = "元"
one_row = "一笔社区基金支出"
entities = ["fund_entry"]
numerator = "到月末累计的社区基金支出"
direction = "none"
cadence = "每月"
source = "公开报道：社区基金投入用于五社联动"
mark = "V"
caveat = "按入账日期计；五社指社区、社会工作者、社区社会组织、社区志愿者、社区公益慈善资源。"
moves = { came = "新支出" }
splits = ["fund_community_rate"]

[[variants]]
id = "year"
name = "只计本年"
window = "year-to-date"
*/
select
    f.entry_id as entity_id,
    f.item as entity_name,
    c.street_code,
    f.community_code,
    f.amount_yuan as numerator,
    null::bigint as denominator
from fund_entry as f
join community as c using (community_code)
where f.direction = '支出' and f.booked_on between $window_start and $as_of
