-- Run one ratio metric once, for one month and any parameters, and add up by community. One row
-- per street and community. The inner SELECT below is replaced by the metric's own.

select
    member.street_code,
    s.street_name,
    member.community_code,
    c.community_name,
    sum(member.numerator)::double as numerator,
    sum(member.denominator)::double as denominator
from (from member) as member
left join street as s on s.street_code = member.street_code
left join community as c on c.community_code = member.community_code
group by all
order by member.street_code, member.community_code
