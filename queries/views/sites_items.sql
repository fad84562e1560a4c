-- Every item of the checklist in scope by the end of $as_of: how many communities meet it, lack it
-- or need it not, and how many of those that lack it have a demonstration site. One row per item.

with standing as (
    select k.item_id, k.result, k.community_code, c.community_name, shown.community_code as site_at
    from full_community_standing($as_of) as k
    join community as c on c.community_code = k.community_code
    left join demo_communities($as_of) as shown on shown.community_code = k.community_code
    where
            (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
)
select
    i.item_id,
    i.dimension,
    i.domain,
    i.item_name,
    i.standard,
    i.mark,
    i.basis,
    count(*) filter (st.result = '达标')::integer as met,
    count(*) filter (st.result = '未达标')::integer as lacking,
    count(*) filter (st.result = '不适用')::integer as not_applicable,
    count(*) filter (st.result = '未达标' and st.site_at is not null)::integer as lacking_sites
from full_community_item as i
left join standing as st using (item_id)
group by all
order by i.item_id
