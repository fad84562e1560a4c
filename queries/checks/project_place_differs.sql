/*
id = "project_place_differs"
name = "旧改项目与小区的社区不同"
severity = "警告"
entity = "renovation_project"
mend = "核对旧改项目台账的社区与小区编号。"
*/
select
    p.project_id as entity_id,
    p.project_name || '写在' || own.community_name || '，而小区' || n.neighbourhood_name || '在'
        || other.community_name || '。' as message
from renovation_project as p
join neighbourhood as n using (neighbourhood_id)
join community as own on own.community_code = p.community_code
join community as other on other.community_code = n.community_code
where p.community_code <> n.community_code
