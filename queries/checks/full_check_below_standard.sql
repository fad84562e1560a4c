/*
id = "full_check_below_standard"
name = "低于标准却记为达标"
severity = "警告"
entity = "full_community_check"
mend = "核对四创清单核查台账的结果与实测数值。"
*/
select
    k.check_id as entity_id,
    c.community_name || i.item_name || '实测' || k.measured || i.unit || '，低于标准'
        || i.threshold || i.unit || '，却记为达标。' as message
from full_community_check as k
join full_community_item as i using (item_id)
join community as c using (community_code)
where k.result = '达标' and k.measured < i.threshold
