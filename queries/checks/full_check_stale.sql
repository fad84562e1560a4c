/*
id = "full_check_stale"
name = "四创清单久未核查"
severity = "提示"
entity = "community"
mend = "安排核查，并把结果补入四创清单核查台账。"

[params]
days = 550
*/
with checked as (
    select community_code, max(checked_on) as checked_on
    from full_community_check
    group by community_code
)
select
    c.community_code as entity_id,
    c.community_name || '最近一次四创核查在' || checked.checked_on || '，已过'
        || format('{:,}', (select max(month_end) from month) - checked.checked_on) || '天。' as message
from checked
join community as c using (community_code)
where
    c.valid_to is null
    and (select max(month_end) from month) - checked.checked_on > $days
