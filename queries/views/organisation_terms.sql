-- Theme years and terms of the report with what is publicly known of them, and the ledger row: when a
-- year began and ended, what a term means (null where nothing is known). One row per year or term.

select
    '基层党建主题年' as kind,
    t.theme_name as term,
    null as sentence,
    t.starts_on,
    t.ends_on,
    case
        when t.starts_on is not null
            then t.starts_on || '至' || coalesce(t.ends_on::varchar, '今')
    end as meaning,
    f.file_name,
    f.sheet_name,
    t.source_row
from theme_year as t
join source_file as f on f.source_id = t.source_id
union all
select '提法', l.term, l.sentence, null, null, l.meaning, f.file_name, f.sheet_name, l.source_row
from label as l
join source_file as f on f.source_id = l.source_id
order by kind, sheet_name, source_row
