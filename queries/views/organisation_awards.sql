-- Brands and cases named among the ten of a year up to $as_of, with the place and the brand, if one is
-- given, and the ledger row. The latest first. One row per award.

select
    a.kind,
    a.year,
    a.title,
    a.street_code,
    s.street_name,
    a.community_code,
    c.community_name,
    coalesce(c.community_name, s.street_name) as place_name,
    b.brand_name,
    a.awarded_on,
    f.file_name,
    f.sheet_name,
    a.source_row
from award as a
join street as s on s.street_code = a.street_code
left join community as c on c.community_code = a.community_code
left join brand as b on b.brand_id = a.brand_id
join source_file as f on f.source_id = a.source_id
where a.awarded_on <= $as_of
order by a.awarded_on desc, a.kind desc, a.award_id
