/*
id = "linkage_reach_rate"
name = "包保联系到底率"
short = "包保到底率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个小区（片区）"
entities = ["neighbourhood"]
needs = ["linkage"]
numerator = "区、街道、社区、支部到党员中心户四级包保都接得上的小区的户数（或小区数）"
denominator = "全部小区（片区）的户数（或小区数）"
numerator_unit = "户"
denominator_unit = "户"
direction = "up"
fewest = 100
lack = "包保没有联系到底"
none = "各小区（片区）包保都联系到底"
cadence = "每月"
source = "本系统自定，从“区、街、社区、小区、党员中心户逐级联系到底”而来"
mark = "own"
caveat = "四级中任何一级断开，下面的户都不计入；有没有人包保按台账，不看包保做了什么。小区与户数是现状，历史月份按现有小区、户数计。"
moves = { came = "新列入{n}", left = "不再列入{n}", counted = "联系到底{n}", gained = "接上{n}", lost = "断开{n}" }
splits = ["linkage_broken"]

[params]
weight = "household"

[[variants]]
id = "neighbourhoods"
name = "按小区数，不按户数"
params = { weight = "neighbourhood" }
*/
-- linkage_chain、linkage_tails：见 queries/schema/03_organisation.sql
with everything as (from linkage_chain($as_of)),
bare as (select unit_id from everything where reason = '没有党员中心户'),
chain as (
    select tier, entity_table, unit_id, street_code, community_code, reason
    from everything
    where reason is distinct from '包保对象已撤销' and reason is distinct from '没有党员中心户'
),
-- The first break of a community from above: of its street's committee, then of its own.
above as (
    select
        c.community_code,
        max(case when street.unit_id is null then '街道没有大工委' else '区-街道：' || street.reason end)
            as by_street,
        max(case
            when own.unit_id is null then '社区没有大党委'
            when own.reason <> '上一级断开' then '街道-社区：' || own.reason
        end) as by_community
    from community as c
    left join chain as street on street.street_code = c.street_code and street.tier = '区-街道'
    left join chain as own on own.community_code = c.community_code and own.tier = '街道-社区'
    group by c.community_code
),
branches as (
    select
        link.neighbourhood_id,
        min(case
            when chain.reason = '上一级断开' then coalesce(above.by_street, above.by_community, '上一级断开')
            when chain.reason is not null then '社区-小区：' || chain.reason
            when bare.unit_id is not null then '小区-中心户：没有党员中心户'
            when tail.branch_id is null then '小区-中心户：中心户都没有包保到位'
            else ''
        end) as broken
    from branch_neighbourhood as link
    join chain on chain.unit_id = link.branch_id and chain.entity_table = 'party_branch'
    join above on above.community_code = chain.community_code
    left join bare on bare.unit_id = link.branch_id
    left join linkage_tails($as_of) as tail on tail.branch_id = link.branch_id
    group by link.neighbourhood_id
),
homes as (
    select neighbourhood_id, sum(households) as households
    from building
    group by neighbourhood_id
),
weighed as (
    select
        n.neighbourhood_id,
        n.neighbourhood_name,
        n.community_code,
        case $weight when 'household' then coalesce(homes.households, 0) else 1 end as denominator,
        coalesce(branches.broken, above.by_street, above.by_community, '没有党支部覆盖') as broken
    from neighbourhood as n
    join above on above.community_code = n.community_code
    left join branches on branches.neighbourhood_id = n.neighbourhood_id
    left join homes on homes.neighbourhood_id = n.neighbourhood_id
)
select
    w.neighbourhood_id as entity_id,
    w.neighbourhood_name as entity_name,
    c.street_code,
    w.community_code,
    case when w.broken = '' then w.denominator else 0 end as numerator,
    w.denominator,
    nullif(w.broken, '') as reason
from weighed as w
join community as c using (community_code)
