-- Visits of opinion items to the tiers, as known on $as_of (`opinion_visits_due` in `queries/rules_of_visits.sql`),
-- with the item's ledger row.
-- One row per visit; taken_on and left_on are null while the item waits, or lies, there.

select v.* exclude (source_id), f.file_name, f.sheet_name
from opinion_visits_due($as_of) as v
join source_file as f using (source_id)
order by v.opinion_id, v.place
