/*
id = "linkage_to_dissolved"
name = "包保对象或包保组织已撤销"
severity = "警告"
entity = "linkage"
mend = "在包保联动台账登记终止日期；还要有人包保的，另起一行登记现在的组织。"
*/
with ended as (
    select l.link_id, p.committee_name || '已于' || p.dissolved_on || '撤销' as said
    from linkage as l
    join party_committee as p on p.committee_id in (l.committee_id, l.backer_committee_id)
    where p.dissolved_on is not null and coalesce(l.until_on > p.dissolved_on, true)
    union all
    select l.link_id, b.branch_name || '已于' || b.dissolved_on || '撤销'
    from linkage as l
    join party_branch as b on b.branch_id in (l.branch_id, l.backer_branch_id)
    where b.dissolved_on is not null and coalesce(l.until_on > b.dissolved_on, true)
    union all
    select l.link_id, '中心户' || p.post_id || '已于' || p.until_on || '不再是党员中心户'
    from linkage as l
    join building_post as p on p.post_id = l.post_id
    where p.until_on is not null and coalesce(l.until_on > p.until_on, true)
)
select
    link_id as entity_id,
    l.tier || '包保（' || l.backer_post || '）：' || string_agg(ended.said, '，' order by ended.said)
        || '，包保仍登记到' || coalesce(l.until_on::varchar, '现在') || '。' as message
from ended
join linkage as l using (link_id)
group by link_id, l.tier, l.backer_post, l.until_on
