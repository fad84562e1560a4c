/*
id = "off_target"
kind = "指标未达标"
title = "{street_name}{metric_name}{side}"
severity = "关注"
page = "dictionary"
template = "{text}（{fraction}），{target_text}；{others}。"
ask = "采取措施，使{street_name}{metric_name}达到目标（现为{text}，{fraction}，{target_text}）"
link = { metric = "{metric_id}", street = "{street_name}" }

[params]
fewest = 10
*/
with judged as (
    select
        *,
        case direction when 'up' then '低于目标' else '高于目标' end as side,
        count(*) over (partition by metric_id) as streets,
        -- What is near its target does not reach it either.
        count(*) filter (status in ('接近', '未达标')) over (partition by metric_id) as missed
    from street_figures($figures)
    -- A total with a target, such as none at all, has a rule of its own that names the things.
    where kind <> 'total'
),

worst_first as (
    select
        *,
        -- The worst street of every metric comes before the second worst of any.
        row_number() over (partition by metric_id order by gap desc, street_code) as rank_no
    from judged
    where status = '未达标'
)

select
    metric_id,
    metric_name,
    street_code,
    street_name,
    null::varchar as community_code,
    side,
    text,
    fraction,
    target_text,
    case missed
        when 1 then '全区只有这个街道'
        when streets then '全区' || streets || '个街道均'
        else '全区' || missed || '个街道'
    end || side as others,
    gap - rank_no as weight
from worst_first
-- A street with few cases is counted as the charts count it, but is no finding of its own.
where denominator >= $fewest
