/*
id = "fund_delivery_rate"
name = "社区基金项目交付率"
short = "基金交付"
group = "智 服务"
kind = "ratio"
window = "cumulative"
level = "community"
unit = "%"
scale = 100
one_row = "一个到期的社区基金项目"
entities = ["fund_project"]
numerator = "月末已有交付物的到期项目"
denominator = "月末已到期应交付的项目"
numerator_unit = "个"
denominator_unit = "个"
direction = "up"
fewest = 5
lack = "到期没有交付"
none = "到期的项目都已交付"
target = 95
amber = 90
target_source = "本系统默认值，请按本区文件改"
cadence = "每月"
source = "以应交付日期为队列"
mark = "own"
caveat = "交付看有没有交付物，不评效果。"
moves = { came = "新到期", counted = "已交付", gained = "交付" }

[[variants]]
id = "year"
name = "只看本年到期的"
window = "year-to-date"
*/
select
    f.project_id as entity_id,
    f.project_name as entity_name,
    c.street_code,
    f.community_code,
    coalesce(f.delivered_on <= $as_of, false)::integer as numerator,
    1 as denominator,
    case
        when is_overdue(f.due_on, f.delivered_on, $as_of)
            then overdue_words(f.due_on, $as_of) || '，未交付'
    end as reason
from fund_project as f
join community as c using (community_code)
where f.due_on between $window_start and $as_of
