-- The sets of consent rules, the one in force at the end of $as_of first. One row per set.

select
    r.rule_name,
    r.valid_from,
    r.valid_to,
    r.valid_from <= $as_of and coalesce(r.valid_to > $as_of, true) as in_force,
    r.start_households,
    r.join_households_part || '/' || r.join_households_whole as join_households,
    r.join_area_part || '/' || r.join_area_whole as join_area,
    r.agree_households_part || '/' || r.agree_households_whole as agree_households,
    r.agree_area_part || '/' || r.agree_area_whole as agree_area,
    r.subsidy_cap_yuan,
    r.basis,
    r.mark,
    f.file_name,
    f.sheet_name,
    r.source_row
from consent_rule as r
join source_file as f on f.source_id = r.source_id
order by in_force desc, r.valid_from desc
