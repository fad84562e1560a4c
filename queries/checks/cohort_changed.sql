/*
id = "cohort_changed"
name = "赛马分组年内改动"
severity = "警告"
entity = "cohort"
mend = "分组一年一定：改动从下一年度起写；本年仍以最先公布的为准。"
*/
select
    o.cohort_id as entity_id,
    c.community_name || o.year || '年先分在“' || y.cohort || '”，' || o.declared_on || '又改在“'
        || o.cohort || '”。' as message
from cohort as o
join cohort_of_year as y on y.year = o.year and y.community_code = o.community_code
join community as c on c.community_code = o.community_code
where
    o.cohort != y.cohort
    and o.declared_on > (
        select min(first.declared_on) from cohort as first
        where first.year = o.year and first.community_code = o.community_code
    )
