-- Run one ratio metric for every month at once, with any parameters, and add up by community. One
-- row per month, street and community. The lateral SELECT below is replaced by the metric's own,
-- which reads the month from `asked`: $as_of is asked.as_of, $window_start asked.window_start.
-- $months, $ends, $starts: first and last day of each month, and the first day it counts.

with asked as (
    select
        unnest($months::date[]) as month,
        unnest($ends::date[]) as as_of,
        unnest($starts::date[]) as window_start
),
summed as (
    select
        asked.month,
        member.street_code,
        member.community_code,
        sum(member.numerator)::double as numerator,
        sum(member.denominator)::double as denominator
    from asked, lateral (from member) as member
    group by all
)
select
    strftime(summed.month, '%Y-%m') as month,
    summed.street_code,
    s.street_name,
    summed.community_code,
    c.community_name,
    summed.numerator,
    summed.denominator
from summed
left join street as s on s.street_code = summed.street_code
left join community as c on c.community_code = summed.community_code
order by summed.month, summed.street_code, summed.community_code
