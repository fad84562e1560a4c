-- What communities are known by on $as_of: brands, what was named among the ten best, demonstration
-- sites, covenants, and the items of the checklist they do not meet; since when, whether it has ended,
-- and the ledger row. One row per thing.

with things as (
    select
        community_code,
        '党建品牌' as kind,
        brand_name as thing,
        declared_on as since_on,
        ended_on,
        source_id,
        source_row
    from brand
    union all
    select community_code, kind, title, awarded_on, null, source_id, source_row
    from award
    union all
    select community_code, level || '示范点', site_name, named_on, revoked_on, source_id, source_row
    from demo_site
    union all
    select community_code, '居民公约', '由' || meeting || '通过', adopted_on, ended_on, source_id, source_row
    from covenant
    union all
    select k.community_code, '四创未达标', i.item_name, k.checked_on, null, k.source_id, k.source_row
    from full_community_standing($as_of) as k
    join full_community_item as i using (item_id)
    where k.result = '未达标'
)
select
    t.community_code,
    t.kind,
    t.thing,
    t.since_on,
    case when t.ended_on <= $as_of then t.ended_on end as ended_on,
    f.file_name,
    f.sheet_name,
    t.source_row
from things as t
join source_file as f using (source_id)
where t.since_on <= $as_of and t.community_code is not null
order by t.ended_on <= $as_of, t.kind = '四创未达标', t.since_on desc, t.kind, t.thing, t.community_code, t.source_row
