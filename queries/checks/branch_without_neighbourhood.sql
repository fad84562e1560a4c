/*
id = "branch_without_neighbourhood"
name = "党支部没有覆盖小区"
severity = "警告"
entity = "party_branch"
mend = "在支部覆盖小区台账里登记该支部覆盖的小区。"
*/
select b.branch_id as entity_id, b.branch_name || '没有登记覆盖哪些小区。' as message
from party_branch as b
where
    b.dissolved_on is null
    and not exists (select 1 from branch_neighbourhood as l where l.branch_id = b.branch_id)
