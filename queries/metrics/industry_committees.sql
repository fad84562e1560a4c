/*
id = "industry_committees"
name = "区级行业系统综合党委数"
short = "行业党委"
group = "帜 组织"
kind = "total"
window = "as-of"
level = "district"
unit = "个"
one_row = "一个区级行业系统综合党委"
entities = ["industry_committee"]
numerator = "月末在册的区级行业系统综合党委"
direction = "none"
cadence = "每月"
source = "公开报道：区级行业系统综合党委牵头抓总"
mark = "V"
caveat = "区级机构，不分到街道。"
moves = { came = "新建", left = "撤销", lost = "撤销" }
*/
select
    industry_id as entity_id,
    industry_name as entity_name,
    null::varchar as street_code,
    null::varchar as community_code,
    coalesce(dissolved_on > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case when dissolved_on <= $as_of then '已撤销' end as reason
from industry_committee
where established_on <= $as_of
