/*
id = "communities_without_leaders"
kind = "社区没有楼栋党小组长"
title = "{community_name}没有楼栋党小组长"
severity = "关注"
page = "dictionary"
template = "全社区{buildings:栋}住宅楼、{households:户}，没有楼栋党小组长在岗。"
ask = "为{community_name}{buildings:栋}住宅楼（{households:户}）配齐楼栋党小组长"
link = { metric = "group_leader_rate", street = "{street_name}", community = "{community_name}" }
*/
with led as (
    select distinct b.community_code
    from building_post as p
    join building as b using (building_id)
    where
        p.kind = '楼栋党小组长'
        and p.since_on <= $as_of
        and coalesce(p.until_on > $as_of, true)
)
select
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    count(*) as buildings,
    sum(b.households) as households,
    sum(b.households) as weight
from building as b
join community as c using (community_code)
join street as s on s.street_code = c.street_code
where
    c.valid_from <= $as_of
    and coalesce(c.valid_to > $as_of, true)
    and c.community_code not in (select community_code from led)
group by c.street_code, s.street_name, c.community_code, c.community_name
