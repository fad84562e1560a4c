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
)

select
    r.survey_id,
    asked.asked_from,
    asked.asked_to,
    asked.mode,
    r.need,
    r.area_no,
    r.street_codes,
    case
        when r.area_no is null then '全区'
        when len(r.street_codes) > 1 then '合并的' || len(r.street_codes) || '个街道'
        else coalesce(s.street_name, '不分街道')
    end as area_name,
    r.respondents,
    r.answers
from survey_shown as r
join asked using (survey_id)
left join street as s on s.street_code = r.street_codes[1]
order by asked.asked_to desc, r.survey_id, r.need, r.area_no nulls first
