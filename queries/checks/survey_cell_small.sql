/*
id = "survey_cell_small"
name = "需求调查有小数，只公布全区数"
severity = "提示"
entity = "survey_need"
mend = "不用修改：有街道不足5次（或只差不到5份就是全部）的需求，各街道的次数都不公布。"
*/
select
    min(n.answer_id) as entity_id,
    r.survey_id || '的“' || r.need || '”各街道的次数不公布，只公布全区数。' as message
from survey_shown as r
join survey_need as n on n.survey_id = r.survey_id and n.need = r.need
where r.area_no is not null and r.answers is null
group by r.survey_id, r.need
