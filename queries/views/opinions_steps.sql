-- The steps of one item ($item) up to $as_of, each with its ledger row. One row per step.

select
    e.step,
    e.tier,
    e.action,
    e.happened_on,
    f.file_name,
    f.sheet_name,
    e.source_row
from opinion_event as e
join source_file as f using (source_id)
where e.opinion_id = $item and e.happened_on <= $as_of
order by e.step
