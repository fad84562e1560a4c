-- What each metric was computed from, as a digest. One row per metric and variant that was run.

select metric_id, variant, digest
from metric_input
