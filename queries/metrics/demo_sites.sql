/*
id = "demo_sites"
name = "市、区样板示范点数"
short = "示范点"
group = "智 更新"
kind = "total"
window = "as-of"
level = "community"
unit = "个"
one_row = "一个样板示范点"
entities = ["demo_site"]
numerator = "月末在册的市级、区级样板示范点"
direction = "none"
cadence = "每月"
source = "公开报道：选树打造市、区样板示范点"
mark = "V"
caveat = "市级与区级合计；同一社区可有不止一个。"
moves = { came = "新命名", left = "撤销", lost = "撤销" }
splits = ["demo_site_share"]
*/
select
    d.site_id as entity_id,
    d.site_name as entity_name,
    c.street_code,
    d.community_code,
    coalesce(least(d.revoked_on, c.valid_to) > $as_of, true)::integer as numerator,
    null::integer as denominator,
    case
        when d.revoked_on <= $as_of then '已摘牌'
        when c.valid_to <= $as_of then '所在社区已撤销'
    end as reason
from demo_site as d
join community as c using (community_code)
where d.named_on <= $as_of and c.valid_from <= $as_of
