/*
id = "building_ages_exceed"
name = "分年龄人数多于居民总数的楼栋"
severity = "警告"
entity = "building"
mend = "核对楼栋台账的居民、60岁及以上居民、0–3岁婴幼儿：后两项之和不应多于居民；改正前，这栋楼的4–59岁居民按0计。"
*/
select
    building_id as entity_id,
    building_name || '登记居民' || residents || '人，60岁及以上' || residents_60 || '人、0–3岁' || residents_0_3
        || '人，两项之和多' || residents_60 + residents_0_3 - residents || '人。' as message
from building
where residents_60 + residents_0_3 > residents
