/*
id = "opinion_neighbourhood_elsewhere"
name = "民情的小区不在所属社区"
severity = "警告"
entity = "opinion"
mend = "核对民情台账的社区与小区编号，改正其中写错的一个。"
*/
select
    o.opinion_id as entity_id,
    '民情' || o.opinion_id || '登记在' || c.community_name || '，所填小区' || n.neighbourhood_name || '却属于'
        || h.community_name || '。' as message
from opinion as o
join community as c using (community_code)
join neighbourhood as n using (neighbourhood_id)
join community as h on h.community_code = n.community_code
where n.community_code != o.community_code
