/*
id = "grid_size"
name = "网格户数超出规模"
severity = "提示"
entity = "grid_unit"
mend = "核对网格台账的户数；属实的，提请拆分或合并网格。"

[params]
lowest = 300
highest = 500
*/
select
    grid_id as entity_id,
    grid_name || ' ' || format('{:,}', households) || '户，'
        || case when households > $highest then '多于' || $highest else '少于' || $lowest end
        || '户。' as message
from grid_unit
where merged_on is null and households not between $lowest and $highest
