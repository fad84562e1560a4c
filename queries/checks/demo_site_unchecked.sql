/*
id = "demo_site_unchecked"
name = "示范点社区没有四创核查"
severity = "提示"
entity = "demo_site"
mend = "补做该社区的四创清单核查。"
*/
select
    d.site_id as entity_id,
    d.site_name || '所在的' || c.community_name || '没有四创清单核查记录。' as message
from demo_site as d
join community as c using (community_code)
where
    d.revoked_on is null
    and c.valid_to is null
    and d.community_code not in (select community_code from full_community_check)
    and exists (from full_community_check)
