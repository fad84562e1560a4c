/*
id = "grid_leader_gap"
name = "网格长空缺超30天的户数"
short = "网格长久缺户数"
group = "治 共治"
kind = "total"
window = "as-of"
level = "community"
unit = "户"
one_row = "一个月末没有网格长在岗的网格"
entities = ["grid_unit"]
needs = ["grid_post"]
numerator = "月末网格长已空缺超过30天的网格的户数"
direction = "down"
cadence = "每月"
source = "本系统自定：30天以内视为正常交接"
mark = "own"
caveat = "交接期的天数可以另定；天数从上一任离岗当天算起，台账里没有到岗记录的从网格设立之日算起。"
moves = { came = "新缺网格长", left = "补上网格长", counted = "空缺超30天", gained = "空缺超过30天{n}", lost = "补上{n}" }

[params]
handover_days = 30

[[variants]]
id = "any"
name = "空缺一天以上"
params = { handover_days = 0 }

[[variants]]
id = "quarter"
name = "空缺超过90天"
params = { handover_days = 90 }
*/
-- grid_vacancies：见 queries/schema/02_places.sql
with leaderless as (
    select grid_id, min(vacant_days) as vacant_days
    from grid_vacancies($as_of)
    where is_leader
    group by grid_id
    having count(*) = (select count(*) from grid_role where is_leader)
)
select
    g.grid_id as entity_id,
    g.grid_name as entity_name,
    c.street_code,
    g.community_code,
    case when l.vacant_days > $handover_days then g.households else 0 end as numerator,
    null::integer as denominator,
    case when l.vacant_days <= $handover_days then '已空缺' || l.vacant_days || '天' end as reason
from leaderless as l
join grid_unit as g using (grid_id)
join community as c on c.community_code = g.community_code
