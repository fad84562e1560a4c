/*
id = "linkage_broken"
name = "包保联动断链处数"
short = "断链处数"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "community"
unit = "处"
one_row = "一个大工委、大党委、党支部或党员中心户"
entities = ["party_committee", "party_branch", "building_post"]
needs = ["linkage"]
numerator = "月末在自己这一级断开的包保"
direction = "down"
lack = "包保断开"
none = "包保没有断开的"
cadence = "每月"
source = "本系统自定，从“区、街、社区、小区、党员中心户逐级联系到底”而来"
mark = "own"
caveat = "断在哪一级只计哪一级：下级因此连不上的列为“上一级断开”，不重复计。没有党员中心户的支部计1处；一个岗位最多包保几个未见公开规定，上限由本系统设定。"
moves = { came = "新断{n}", left = "接上或撤销{n}", counted = "新断{n}", gained = "新断{n}", lost = "接上{n}" }
*/
-- linkage_chain：见 queries/schema/03_organisation.sql
select
    unit_id as entity_id,
    any_value(unit_name) as entity_name,
    any_value(street_code) as street_code,
    any_value(community_code) as community_code,
    count(*) filter (reason <> '上一级断开') as numerator,
    null::integer as denominator,
    string_agg(tier || '：' || reason, '；' order by tier desc) as reason,
    entity_table
from linkage_chain($as_of)
where reason is not null
group by unit_id, entity_table
