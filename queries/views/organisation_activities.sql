-- Activities from $window_start to $as_of by kind, place and theme. One row per kind, theme, street and
-- community that held any.

select
    kind,
    theme,
    street_code,
    community_code,
    count(*)::integer as held,
    count(*) filter (held_on >= date_trunc('month', $as_of::date))::integer as held_in_month,
    sum(attendees)::integer as attendees
from activity
where held_on between $window_start and $as_of
group by all
order by kind, theme, street_code, community_code
