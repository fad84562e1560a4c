-- The members of one metric that came, went or changed between two months, each with both months'
-- sides and its ledger row. One row per thing and place: what moved to another place went here and
-- came there. The lateral SELECT below is replaced by the metric's own, which reads the month from
-- `asked`: $as_of is asked.as_of, $window_start asked.window_start.
-- $ends, $starts: last day of each of the two months, the earlier first, and the first day it counts.
-- $tables: the fact tables of the metric, for the ledger rows, whose first is that of a member that
-- names none; $streets (none: all) and $community: the scope.

with asked as (
    select
        unnest([false, true]) as is_later,
        unnest($ends::date[]) as as_of,
        unnest($starts::date[]) as window_start
),
found as (
    select asked.is_later, member.* from asked, lateral (from member) as member
    union all by name
    select null::varchar as entity_table, null::varchar as reason, null::boolean as is_later
    where false
),
placed as (
    select
        is_later,
        coalesce(entity_table, ($tables::varchar[])[1]) as entity_table,
        entity_id::varchar as entity_id,
        entity_name,
        street_code,
        community_code,
        numerator::double as numerator,
        denominator::double as denominator,
        reason
    from found
    where
        (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], street_code))
        and ($community::varchar is null or community_code = $community)
),
paired as (
    select
        coalesce(b.entity_table, a.entity_table) as entity_table,
        coalesce(b.entity_id, a.entity_id) as entity_id,
        coalesce(b.entity_name, a.entity_name) as entity_name,
        coalesce(b.street_code, a.street_code) as street_code,
        coalesce(b.community_code, a.community_code) as community_code,
        a.entity_id is not null as was_there,
        b.entity_id is not null as is_there,
        coalesce(a.numerator, 0) as numerator_before,
        coalesce(b.numerator, 0) as numerator,
        coalesce(a.denominator, 0) as denominator_before,
        coalesce(b.denominator, 0) as denominator,
        a.reason as reason_before,
        b.reason
    from (from placed where not is_later) as a
    full join (from placed where is_later) as b
        on b.entity_table = a.entity_table
        and b.entity_id = a.entity_id
        and b.street_code is not distinct from a.street_code
        and b.community_code is not distinct from a.community_code
)
select
    paired.*,
    s.street_name,
    c.community_name,
    l.source_id,
    f.file_name,
    f.sheet_name,
    l.source_row
from paired
left join street as s on s.street_code = paired.street_code
left join community as c on c.community_code = paired.community_code
left join lineage as l
    on l.entity_table = paired.entity_table
    and l.entity_id = paired.entity_id
    and list_contains($tables::varchar[], l.entity_table)
left join source_file as f on f.source_id = l.source_id
where -- sums of fractions differ in their last digit from one run to the next
    abs(paired.numerator - paired.numerator_before)
    > 1e-9 * greatest(abs(paired.numerator), abs(paired.numerator_before))
    or abs(paired.denominator - paired.denominator_before)
    > 1e-9 * greatest(abs(paired.denominator), abs(paired.denominator_before))
order by paired.street_code, paired.community_code, paired.entity_id
