/*
id = "bulletins_issued"
name = "一周动态印发期数"
short = "一周动态"
group = "帜 组织"
kind = "total"
window = "year-to-date"
level = "district"
unit = "期"
one_row = "一期通报"
entities = ["bulletin"]
numerator = "本年各周（按周一）到月末已印发的一周动态"
direction = "none"
cadence = "每周"
source = "公开报道：发布“基层党建工作一周动态”"
mark = "V"
caveat = "按所报的那一周的周一归年，上年末一周在年初印发的归上年；哪一周漏了通报见数据质量。"
moves = { came = "新印发", left = "上年的不再计" }
*/
select
    b.issue as entity_id,
    b.issue || '（' || b.issued_on || '印发）' as entity_name,
    null::varchar as street_code,
    null::varchar as community_code,
    1 as numerator,
    null::integer as denominator
from bulletin as b
where b.week_start >= $window_start and b.issued_on <= $as_of
