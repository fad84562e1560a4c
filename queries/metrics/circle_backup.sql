/*
id = "circle_backup"
name = "十分钟圈双重覆盖率"
short = "双重覆盖"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "步行10分钟（720米）内有两处及以上开放阵地的常住居民"
denominator = "常住居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "10分钟内走不到两处阵地"
none = "各楼栋10分钟内都有两处阵地"
cadence = "每月"
source = "本系统自定：一处停用时还有另一处可去"
mark = "own"
caveat = "步行距离按路网量，门前路计入；走不到路网的楼留在分母里算不覆盖。楼栋、人口为台账现状，阵地按启用与停用日期计。"
moves = { counted = "已覆盖", gained = "新覆盖{n}", lost = "{n}不再覆盖" }

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = []
weekday = 0
minute = 0
least = 2

[[variants]]
id = "m500"
name = "500米（GB 50180 十分钟圈）"
params = { farthest = 500 }

[[variants]]
id = "three"
name = "三处及以上"
params = { least = 3 }
*/
with span as (
    select
        r.building_no,
        greatest(q.opened_on, (select min(month_end) from month)) as opened_on,
        q.closed_on,
        count(*) as stations
    from reach as r
    join stations_asked(
        $levels::varchar[], $functions::varchar[], $weekday::integer, $minute::integer
    ) as q using (station_no)
    where r.metres <= $farthest
    group by all
),
choice as (
    select building_no, sum(stations) as stations
    from span
    where opened_on <= $as_of and closed_on > $as_of
    group by building_no
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    case when choice.stations >= $least then b.residents else 0 end as numerator,
    case when d.entity_id is null then 0 else b.residents end as denominator,
    case
        when choice.stations >= $least then null
        when choice.stations is null then '步行' || round($farthest)::integer || '米内没有阵地'
        else '步行' || round($farthest)::integer || '米内只有' || choice.stations || '处阵地'
    end as reason
from building as b
join community as c using (community_code)
left join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
left join choice on choice.building_no = d.door_no
