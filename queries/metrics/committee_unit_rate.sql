/*
id = "committee_unit_rate"
name = "有成员单位的大工委、大党委占比"
short = "吸纳单位率"
group = "帜 组织"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个街道大工委或社区大党委"
entities = ["party_committee"]
numerator = "月末有成员单位的大工委、大党委"
denominator = "月末在册的大工委、大党委"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "成员单位不够数"
none = "各大工委、大党委成员单位都够数"
target = 100
amber = 95
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "本系统自定"
mark = "own"
caveat = "至少几家可以另定；只看有没有成员单位，不看单位做了什么。"
moves = { came = "新建", left = "撤销", counted = "有成员单位", gained = "组织新吸纳成员单位", lost = "组织不再有成员单位" }

[params]
at_least = 1

[[variants]]
id = "three"
name = "至少3家成员单位"
params = { at_least = 3 }
*/
select
    p.committee_id as entity_id,
    p.committee_name as entity_name,
    p.street_code,
    p.community_code,
    (count(u.unit_id) >= $at_least)::integer as numerator,
    1 as denominator,
    case
        when count(u.unit_id) < $at_least then '成员单位' || count(u.unit_id) || '家'
    end as reason,
    greatest($at_least - count(u.unit_id), 0) as lacks
from party_committee as p
left join member_unit as u
    on u.committee_id = p.committee_id
    and u.joined_on <= $as_of
    and coalesce(u.left_on > $as_of, true)
where p.established_on <= $as_of and coalesce(p.dissolved_on > $as_of, true)
group by p.committee_id, p.committee_name, p.street_code, p.community_code
