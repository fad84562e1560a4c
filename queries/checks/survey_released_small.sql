/*
id = "survey_released_small"
name = "需求调查公布了小数"
severity = "错误"
entity = "survey_need"
mend = "这是软件的差错：公布的次数里有不足5次的，或可由全区数相减得出。请告诉维护人员，先不要使用这一页。"
*/
-- Each need either has every area told, none of them small, or none: then no difference tells one.
select
    min(n.answer_id) as entity_id,
    r.survey_id || '的“' || r.need || '”公布了小数，或可相减得出。' as message
from survey_shown as r
join survey_need as n on n.survey_id = r.survey_id and n.need = r.need
group by r.survey_id, r.need
having
    bool_or(survey_small(r.answers, r.respondents))
    or bool_or(r.area_no is not null and r.answers is null)
    and bool_or(r.area_no is not null and r.answers is not null)
