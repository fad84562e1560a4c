/*
id = "grid_post_in_merged_grid"
name = "已合并的网格还有人在岗"
severity = "警告"
entity = "grid_post"
mend = "在网格岗位台账给该岗位登记离岗日期，或改到并入的网格。"
*/
select
    p.post_id as entity_id,
    g.grid_name || '已于' || g.merged_on || '合并，' || r.role_name || '仍登记在岗。' as message
from grid_post as p
join grid_unit as g using (grid_id)
join grid_role as r using (role_id)
where g.merged_on is not null and coalesce(p.vacated_on > g.merged_on, true)
