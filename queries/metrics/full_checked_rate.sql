/*
id = "full_checked_rate"
name = "一年内核查过四创清单的社区占比"
short = "四创核查"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个社区"
entities = ["community"]
numerator = "月末往前365天内核查过的社区"
denominator = "月末在名录中的社区"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "一年内没有核查四创清单"
none = "各社区一年内都核查过四创清单"
cadence = "每月"
source = "本系统自定：核查结果一年后视为过时"
mark = "own"
caveat = "核查分年集中进行，两轮之间必降。"
moves = { counted = "已核查", gained = "社区新核查", lost = "社区距上次核查已满一年" }

[params]
days = 365
*/
with checked as (
    select community_code, max(checked_on) as checked_on
    from full_community_check
    where checked_on <= $as_of
    group by community_code
)
select
    c.community_code as entity_id,
    c.community_name as entity_name,
    c.street_code,
    c.community_code,
    coalesce(checked.checked_on > $as_of - $days, false)::integer as numerator,
    1 as denominator,
    case
        when checked.checked_on is null then '从未核查'
        when checked.checked_on <= $as_of - $days then '最近一次在' || checked.checked_on
    end as reason
from community as c
left join checked using (community_code)
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
