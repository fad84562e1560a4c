/*
id = "branch_cover_rate"
name = "小区党支部覆盖率"
short = "支部覆盖率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个小区（片区）"
entities = ["neighbourhood"]
numerator = "有党支部覆盖的小区"
denominator = "全部小区（片区）"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "没有党支部覆盖"
none = "各小区（片区）都有党支部覆盖"
target = 100
amber = 95
target_source = "“逐级联系到底”应当一个小区不漏；本系统默认值"
cadence = "每月"
source = "本系统自定，从“区、街、社区、小区、党员中心户逐级联系到底”而来"
mark = "own"
caveat = "小区台账是现状，历史月份按现有小区数计；一个小区有一个支部覆盖即算覆盖。"
moves = { came = "新列入", counted = "有党支部", gained = "小区新建党支部", lost = "小区不再有党支部" }
*/
select
    n.neighbourhood_id as entity_id,
    n.neighbourhood_name as entity_name,
    c.street_code,
    n.community_code,
    (count(b.branch_id) > 0)::integer as numerator,
    1 as denominator,
    case when count(b.branch_id) = 0 then '没有党支部覆盖' end as reason
from neighbourhood as n
join community as c using (community_code)
left join branch_neighbourhood as link using (neighbourhood_id)
left join party_branch as b
    on b.branch_id = link.branch_id
    and b.established_on <= $as_of
    and coalesce(b.dissolved_on > $as_of, true)
group by all
