-- What may be told of the surveys that ended by $as_of: counts by need for the whole district (area_no
-- null) and by area, null where not told; streets of an area. Never the rows of the ledger. One row per
-- survey, need and area.

with asked as (
    select
        survey_id,
        min(asked_from) as asked_from,
        max(asked_to) as asked_to,
        string_agg(distinct mode, '、' order by mode) as mode
    from survey_need
    group by survey_id
    having max(asked_to) <= $as_of
),
names as (
    select
        a.survey_id,
        a.area_no,
        list(a.street_code order by a.street_code) as street_codes,
        count(*) as streets,
        min(coalesce(s.street_name, '不分街道')) as street_name
    from survey_area as a
    left join street as s using (street_code)
    group by a.survey_id, a.area_no
)
select
    r.survey_id,
    asked.asked_from,
    asked.asked_to,
    asked.mode,
    r.need,
    r.area_no,
    names.street_codes,
    case
        when r.area_no is null then '全区'
        when names.streets > 1 then '合并的' || names.streets || '个街道'
        else names.street_name
    end as area_name,
    r.respondents,
    r.answers
from survey_released as r
join asked using (survey_id)
left join names on names.survey_id = r.survey_id and names.area_no = r.area_no
order by asked.asked_to desc, r.survey_id, r.need, r.area_no nulls first
