-- Run one metric for every month at once and keep the sums: one row per month, street and
-- community that has members. The lateral SELECT below is replaced by the metric's own,
-- which reads the month from `asked`: $as_of is asked.as_of, $window_start asked.window_start.
-- $months, $ends, $starts: first and last day of each month, and the first day it counts.
-- $paired: the metric counts two kinds of things, so that a row of the denominator is counted too.

with asked as (
    select
        unnest($months::date[]) as month,
        unnest($ends::date[]) as as_of,
        unnest($starts::date[]) as window_start
)
select
    $metric_id as metric_id,
    $variant as variant,
    asked.month,
    member.street_code,
    member.community_code,
    coalesce(sum(member.numerator), 0)::double as numerator,
    sum(member.denominator)::double as denominator,
    (count(*) filter (member.numerator <> 0 or ($paired and member.denominator <> 0)))::integer as members
from asked, lateral (from member) as member
group by asked.month, member.street_code, member.community_code
