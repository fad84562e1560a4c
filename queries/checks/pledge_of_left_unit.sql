/*
id = "pledge_of_left_unit"
name = "承诺不在单位加入期间"
severity = "警告"
entity = "pledge"
mend = "核对成员单位承诺台账的单位编号与承诺日期、成员单位台账的加入与退出日期。"
*/
select
    p.pledge_id as entity_id,
    u.unit_name || p.promised_on || '承诺，'
        || case
            when p.promised_on < u.joined_on then '而' || u.joined_on || '才加入。'
            else '而' || u.left_on || '已退出。'
        end as message
from pledge as p
join member_unit as u using (unit_id)
where p.promised_on < u.joined_on or p.promised_on > u.left_on
