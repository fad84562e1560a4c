/*
id = "cohort_missing"
name = "有的社区没有分组"
severity = "提示"
entity = "community"
mend = "在赛马分组台账补上这一年这个社区的组别；未补以前不与别的社区比。"
*/
select
    c.community_code as entity_id,
    c.community_name || y.year || '年没有分组，而别的社区有。' as message
from (select max(year) as year from cohort) as y
cross join community as c
left join cohort_of_year as o on o.year = y.year and o.community_code = c.community_code
where
    y.year is not null
    and o.community_code is null
    and coalesce(c.valid_to > (select max(month_end) from month), true)
