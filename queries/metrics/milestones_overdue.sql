/*
id = "milestones_overdue"
name = "逾期未到的改造里程碑"
short = "逾期里程碑"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一个计划日期已到的节点（阶段）"
entities = ["renovation_stage"]
numerator = "计划日期已到、月末仍未完成的节点"
direction = "down"
cadence = "每月"
source = "由旧改阶段台账的计划与实际日期计"
mark = "own"
caveat = "一个停住的项目，其后每个节点到期都计一个。"
moves = { came = "新逾期", gained = "新逾期", left = "到达", lost = "到达" }
*/
select
    p.project_id || '·' || s.stage as entity_id,
    p.project_name || '·' || s.stage as entity_name,
    c.street_code,
    p.community_code,
    is_overdue(s.planned_on, s.actual_on, $as_of)::integer as numerator,
    null::integer as denominator,
    case when s.actual_on <= $as_of then '已于' || s.actual_on || '到达' end as reason
from renovation_stage as s
join renovation_project as p using (project_id)
join community as c using (community_code)
where s.planned_on <= $as_of
