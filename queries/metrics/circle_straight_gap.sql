/*
id = "circle_straight_gap"
name = "直线算进、实际走不到的居民占比"
short = "直线虚高"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "%"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["station", "walk_edge"]
numerator = "离阵地直线不到720米、步行却超过720米的常住居民"
denominator = "常住居民"
numerator_unit = "人"
denominator_unit = "人"
direction = "down"
fewest = 30
lack = "直线算进、实际走不到阵地"
none = "没有楼栋直线算进而实际走不到"
cadence = "每月"
source = "本系统自定：画圆圈会把铁路、围墙那边的阵地也算进来"
mark = "own"
caveat = "直线按投影坐标量，步行按路网量。楼栋、人口为台账现状，阵地按启用与停用日期计。"
moves = { counted = "走不到", gained = "{n}转入", lost = "{n}转出" }

[params]
farthest = 720
levels = ["街道", "社区", "小区", "集聚区"]
functions = []

[[variants]]
id = "m500"
name = "500米（GB 50180 十分钟圈）"
params = { farthest = 500 }

[[variants]]
id = "community_level"
name = "只看社区级阵地"
params = { levels = ["社区"] }

[[variants]]
id = "canteen"
name = "只看幸福食堂"
params = { functions = ["幸福食堂"] }
*/
with asked_station as (
    from stations_asked($levels::varchar[], $functions::varchar[], 0, 0)
),
-- Squares of $farthest metres: what is nearer than that lies in the same or a neighbouring one.
neighbouring as (
    select
        east,
        north,
        opened_on,
        closed_on,
        floor(east / $farthest)::integer + unnest([-1, -1, -1, 0, 0, 0, 1, 1, 1]) as column_no,
        floor(north / $farthest)::integer + unnest([-1, 0, 1, -1, 0, 1, -1, 0, 1]) as row_no
    from asked_station
),
-- Doors that can walk to a station in every month need no straight line: they are the most.
always as (
    select r.building_no
    from reach as r
    join asked_station using (station_no)
    where
        r.metres <= $farthest
        and opened_on <= (select min(month) from month)
        and closed_on > (select max(month_end) from month)
),
span as (
    select d.door_no, q.closed_on, min(q.opened_on) as opened_on
    from (from walk_door where door_no not in (from always)) as d
    join neighbouring as q
        on q.column_no = floor(d.east / $farthest)::integer
        and q.row_no = floor(d.north / $farthest)::integer
    where
        d.entity_table = 'building'
        and pow(q.east - d.east, 2) + pow(q.north - d.north, 2) <= pow($farthest, 2)
    group by all
),
circle as (
    select distinct door_no from span where opened_on <= $as_of and closed_on > $as_of
),
served as (
    from buildings_served(
        $as_of, $farthest, $levels::varchar[], $functions::varchar[], 0, 0
    )
)
select
    b.building_id as entity_id,
    b.building_name as entity_name,
    c.street_code,
    b.community_code,
    case
        when circle.door_no is not null and served.building_id is null then b.residents
        else 0
    end as numerator,
    case when d.entity_id is null then 0 else b.residents end as denominator
from building as b
join community as c using (community_code)
left join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
left join circle on circle.door_no = d.door_no
left join served on served.building_id = b.building_id
