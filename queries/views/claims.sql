-- Published figures to hold against, with the metric each is set beside, the metrics of its other
-- readings and what is known of it. One row per claim.

select claim_id, subject, comparator, value, unit, metric_id, other_metrics, quote, note
from claim
order by claim_id
