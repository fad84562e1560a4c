-- Of some labels of ledger rows (file·sheet·row), those whose rows stay from the version below.
-- $labels; $sources, the sheets that stay. One row per label.

with labelled as (
    select
        concat_ws('·', f.file_name, coalesce(f.sheet_name, ''), r.row_no) as label,
        r.fate
    from source_row as r
    join source_file as f using (source_id)
    where list_contains($sources::varchar[], r.source_id)
)
select distinct label
from labelled
where fate <> '已替换' and label in (select unnest($labels::varchar[]))
