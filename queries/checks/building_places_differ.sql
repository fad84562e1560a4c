/*
id = "building_places_differ"
name = "楼栋、小区、网格所属社区不一致"
severity = "错误"
entity = "building"
mend = "核对楼栋台账的社区、小区、网格三列，三者应在同一社区。"
*/
select
    b.building_id as entity_id,
    b.building_name || '写在' || c.community_name || '，而'
        || case
            when n.community_code <> b.community_code then '所属小区' || n.neighbourhood_name
            else '所属网格' || g.grid_name
        end || '在'
        || other.community_name || '。' as message
from building as b
join neighbourhood as n using (neighbourhood_id)
join grid_unit as g using (grid_id)
join community as c on c.community_code = b.community_code
join community as other
    on other.community_code = case
        when n.community_code <> b.community_code then n.community_code else g.community_code
    end
where n.community_code <> b.community_code or g.community_code <> b.community_code
