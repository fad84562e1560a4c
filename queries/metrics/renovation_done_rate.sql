/*
id = "renovation_done_rate"
name = "老旧小区改造累计完工率（户）"
short = "累计完工率"
group = "智 更新"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一个计划年度不晚于本年的改造项目"
entities = ["renovation_project"]
needs = ["renovation_stage"]
numerator = "月末已完工项目的户数"
denominator = "截至本年列入计划的项目户数"
numerator_unit = "户"
denominator_unit = "户"
direction = "none"
fewest = 30
restarts = true
lack = "还没有完工"
none = "各项目都已完工"
cadence = "每月"
source = "由旧改项目台账与阶段台账计；住房和城乡建设部通报的是当年计划，另列"
mark = "own"
caveat = "每年1月新计划并入分母时必降。"
moves = { came = "新立项", counted = "完工", gained = "完工" }
splits = ["works_finished_households"]
*/
-- renovation_milestone：见 queries/schema/10_renewal.sql
select
    project_id as entity_id,
    project_name as entity_name,
    street_code,
    community_code,
    case when is_reached then households else 0 end as numerator,
    households as denominator,
    reason
from renovation_milestone($as_of, '完工')
where plan_year <= year($as_of)
