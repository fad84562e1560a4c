/*
id = "linkage_overload"
name = "一个岗位包保过多"
severity = "提示"
entity = "linkage"
mend = "把超出的对象分给其他岗位包保，在包保联动台账改登。"
*/
-- linkage_in_force、linkage_most：见 queries/schema/03_organisation.sql
select
    l.link_id as entity_id,
    coalesce(p.committee_name, b.branch_name, '区级') || l.backer_post || '包保的第' || l.nth
        || '个，' || l.tier || '一个岗位以' || linkage_most(l.tier) || '个为限。' as message
from linkage_in_force((select max(month_end) from month)) as l
left join party_committee as p on p.committee_id = l.backer_id
left join party_branch as b on b.branch_id = l.backer_id
where l.nth > linkage_most(l.tier)
