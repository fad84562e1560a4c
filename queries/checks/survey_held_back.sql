/*
id = "survey_held_back"
name = "需求调查改动太小，仍公布原来的数"
severity = "提示"
entity = "survey_need"
mend = "不用修改：改动不足5份（次）的，与以前公布的数一减就能看出个别人选了什么，所以公布的数不变。改动满5份（次）的会照改。"
*/
select
    min(n.answer_id) as entity_id,
    o.survey_id || '的台账与已公布的数有出入，仍公布原来的数。' as message
from survey_offered as o
join survey_need as n using (survey_id)
left join survey_shown as s
    on s.survey_id = o.survey_id and s.need = o.need and s.street_codes = o.street_codes
where
    s.survey_id is null
    or s.respondents <> o.respondents
    or s.answers is distinct from o.answers
group by o.survey_id
