/*
id = "survey_respondents_differ"
name = "同一次调查同一街道答卷数不一"
severity = "警告"
entity = "survey_need"
mend = "核对需求调查台账：同一次调查同一街道各项需求的答卷数应相同。"
*/
select
    min(answer_id) as entity_id,
    survey_id || '在同一街道的答卷数前后不一。' as message
from survey_need
group by survey_id, street_code
having count(distinct respondents) > 1
