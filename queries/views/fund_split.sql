-- What the community fund spent by the end of $as_of, by theme and by the element of the five that
-- did the work. One row per theme, element and community that has any.

select
    c.street_code,
    c.community_code,
    f.theme,
    f.element,
    count(*)::integer as entries,
    sum(f.amount_yuan)::bigint as spent_yuan
from fund_entry as f
join community as c on c.community_code = f.community_code
where f.direction = '支出' and f.booked_on <= $as_of
group by c.street_code, c.community_code, f.theme, f.element
order by
    list_position(['一老一小', '社区公益', '邻里关照'], f.theme),
    list_position(
        ['社区', '社会工作者', '社区社会组织', '社区志愿者', '社区公益慈善资源'], f.element
    ),
    c.community_code
