/*
id = "grid_without_leader"
name = "网格没有网格长"
severity = "提示"
entity = "grid_unit"
mend = "配齐网格长后在网格岗位台账登记到岗日期；已到岗而未登记的补登。"
*/
select g.grid_id as entity_id, g.grid_name || '最后一个月末没有网格长在岗。' as message
from grid_unit as g
where
    g.merged_on is null
    and not exists (
        select 1
        from grid_post as p
        join grid_role as r using (role_id)
        where
            p.grid_id = g.grid_id
            and r.is_leader
            and p.filled_on <= (select max(month_end) from month)
            and coalesce(p.vacated_on > (select max(month_end) from month), true)
    )
