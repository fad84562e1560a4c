/*
id = "activity_station_closed"
name = "活动登记在没有开放的阵地"
severity = "提示"
entity = "activity"
mend = "核对活动的阵地编号与日期，或阵地台账的启用、停用日期。"
*/
select
    a.activity_id as entity_id,
    '活动“' || a.title || '”登记' || a.held_on || '在' || s.station_name || '举办，而该阵地'
        || case when a.held_on < s.opened_on then s.opened_on || '才启用' else s.closed_on || '已停用' end || '。' as message
from activity as a
join station as s using (station_id)
where a.held_on < s.opened_on or a.held_on >= s.closed_on
