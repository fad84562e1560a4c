-- Visits of opinion items to the tiers as known on $as_of, but for those that ended before
-- $window_start: `opinion_visits_due` in `queries/rules_of_visits.sql`.
-- One row per visit; left_on is null while the item lies there.

select v.* exclude (channel, received_on, is_late, late_workdays, is_estimated, source_id, source_row)
from opinion_visits_due($as_of) as v
where coalesce(v.left_on >= $window_start, true)
order by v.opinion_id, v.place
