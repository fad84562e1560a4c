/*
id = "building_without_residents"
name = "有户无人或有人无户的楼栋"
severity = "提示"
entity = "building"
mend = "核对楼栋台账的户数与居民数；空置楼属实的不必改，它不进按人计的覆盖率。"
*/
select
    building_id as entity_id,
    building_name || '登记' || households || '户、' || residents || '人。' as message
from building
where (households = 0) <> (residents = 0)
