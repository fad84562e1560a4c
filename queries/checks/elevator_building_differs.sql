/*
id = "elevator_building_differs"
name = "电梯投用与楼栋台账不符"
severity = "提示"
entity = "elevator"
mend = "核对加装电梯台账的投用日期与楼栋台账的有无电梯。"
*/
select
    e.elevator_id as entity_id,
    e.elevator_name || case
        when b.has_lift then '还没有投用，楼栋台账却写有电梯。'
        else '已于' || e.in_use_on || '投用，楼栋台账却写没有电梯。'
    end as message
from elevator as e
join building as b using (building_id)
where b.has_lift <> (e.in_use_on is not null)
