/*
id = "neighbourhood_without_branch"
name = "小区没有党支部覆盖"
severity = "提示"
entity = "neighbourhood"
mend = "组建或并入党支部后，在支部覆盖小区台账登记。"
*/
select
    n.neighbourhood_id as entity_id,
    c.community_name || n.neighbourhood_name || '没有党支部覆盖。' as message
from neighbourhood as n
join community as c using (community_code)
where
    not exists (
        select 1
        from branch_neighbourhood as l
        join party_branch as b using (branch_id)
        where l.neighbourhood_id = n.neighbourhood_id and b.dissolved_on is null
    )
