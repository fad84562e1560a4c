/*
id = "off_target"
title = "{street_name}{metric_name}{side}"
severity = "关注"
page = "dictionary"
template = "{text}（{fraction}），{target_text}；全区有{streets:个}街道未达标。"
link = { metric = "{metric_id}", street = "{street_name}" }

[params]
fewest = 10
*/
with missed as (
    select
        *,
        -- The worst street of every metric comes before the second worst of any.
        row_number() over (partition by metric_id order by gap desc, street_code) as rank_no,
        count(*) over (partition by metric_id) as streets
    from (select unnest($figures, recursive := true))
    -- A total with a target, such as none at all, has a rule of its own that names the things.
    where status = '未达标' and kind <> 'total'
)

select
    metric_id,
    metric_name,
    street_code,
    street_name,
    null::varchar as community_code,
    case direction when 'up' then '低于目标' else '高于目标' end as side,
    text,
    fraction,
    target_text,
    streets,
    gap - rank_no as weight
from missed
-- A street with few cases is counted as the charts count it, but is no finding of its own.
where denominator >= $fewest
