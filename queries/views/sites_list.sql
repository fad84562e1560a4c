-- Demonstration sites named by the end of $as_of, with how their community stands on the
-- checklist. A site ends when it is revoked or its community leaves the register. Those still in
-- force first, the most items lacking first. One row per site.

with counted as (
    select
        k.community_code,
        count(*) filter (k.result = '达标')::integer as met,
        count(*) filter (k.result <> '不适用')::integer as applicable,
        string_agg(i.item_name, '、' order by i.item_id) filter (k.result = '未达标') as lacking,
        max(k.checked_on) as checked_on
    from full_community_standing($as_of) as k
    join full_community_item as i using (item_id)
    group by k.community_code
)
select
    d.site_id,
    d.site_name,
    d.level,
    c.street_code,
    s.street_name,
    d.community_code,
    c.community_name,
    d.named_on,
    case when least(d.revoked_on, c.valid_to) <= $as_of then least(d.revoked_on, c.valid_to) end
        as revoked_on,
    counted.met,
    counted.applicable,
    counted.applicable - counted.met as lacking_items,
    counted.lacking,
    counted.checked_on,
    f.file_name,
    f.sheet_name,
    d.source_row
from demo_site as d
join community as c on c.community_code = d.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = d.source_id
left join counted on counted.community_code = d.community_code
where d.named_on <= $as_of and c.valid_from <= $as_of
order by revoked_on is not null, lacking_items desc nulls last, d.site_id
