/*
id = "committee_missing"
name = "社区没有大党委"
severity = "警告"
entity = "community"
mend = "成立后在大工委大党委台账登记；已成立而未登记的补登。"
*/
select c.community_code as entity_id, c.community_name || '没有社区大党委。' as message
from community as c
where
    c.valid_to is null
    and not exists (
        select 1
        from party_committee as p
        where p.community_code = c.community_code and p.dissolved_on is null
    )
