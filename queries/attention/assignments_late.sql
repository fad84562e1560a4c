/*
id = "assignments_late"
kind = "会议交办逾期"
title = "交办事项逾期：{title}"
severity = "紧急"
page = "dictionary"
tab = "计入"
unit = "{unit}"
template = "{issued_on}交{unit}办理，应于{due_on}完成，{late}仍未完成。"
ask = "完成会议交办的“{title}”并报送办理结果"
link = { metric = "assignments_overdue", street = "{street_name}", community = "{community_name}" }
*/
select
    a.title,
    a.unit,
    a.street_code,
    s.street_name,
    a.community_code,
    c.community_name,
    strftime(a.issued_on, '%Y年%-m月%-d日') as issued_on,
    strftime(a.due_on, '%Y年%-m月%-d日') as due_on,
    overdue_words(a.due_on, $as_of) as late,
    $as_of - a.due_on as weight
from assignment as a
left join street as s using (street_code)
left join community as c on c.community_code = a.community_code
where a.issued_on <= $as_of and is_overdue(a.due_on, a.done_on, $as_of)
