/*
id = "award_without_brand"
name = "入选品牌没有对应的党建品牌"
severity = "提示"
entity = "award"
mend = "在十大品牌十大案例台账填品牌编号；品牌没有登记的，先在党建品牌台账登记。"
*/
select award_id as entity_id, year || '年入选的“' || title || '”没有登记品牌编号。' as message
from award
where kind = '十大党建特色品牌' and brand_id is null
