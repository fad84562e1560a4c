-- Lifts applied for by the end of $as_of: standing, last count of consent by people and
-- by area, what the rule in force still asks, and the ledger row. Those that lack least first,
-- then by how far they are. One row per lift.

select
    e.elevator_id,
    e.elevator_name,
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    b.building_name,
    b.storeys,
    b.residents_60,
    e.standing,
    e.applied_on,
    e.approved_on,
    e.started_on,
    e.in_use_on,
    ($as_of - e.applied_on)::integer as waited_days,
    e.households,
    e.voted_households,
    e.agreed_households,
    e.short_households::integer as short_households,
    e.area_m2,
    e.voted_m2,
    e.agreed_m2,
    e.short_m2,
    e.has_consent,
    e.counted_on,
    e.rule_name,
    e.cost_yuan,
    e.subsidy_yuan,
    f.file_name,
    f.sheet_name,
    l.source_row
from elevator_standing($as_of) as e
join elevator as l using (elevator_id)
join source_file as f on f.source_id = l.source_id
join building as b on b.building_id = e.building_id
join community as c on c.community_code = b.community_code
join street as s on s.street_code = c.street_code
order by
    list_position(['征询中', '同意达标', '已审批', '施工', '投用'], e.standing),
    e.short_households nulls last,
    e.short_m2 nulls last,
    e.elevator_id
