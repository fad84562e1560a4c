/*
id = "circle_canteen_places"
name = "每百名老人步行可达食堂的日供餐量"
short = "百老供餐"
group = "智 服务"
kind = "ratio"
window = "as-of"
level = "community"
unit = "人次/百人"
scale = 100
one_row = "一栋住宅楼"
entities = ["building"]
needs = ["walk_edge"]
numerator = "老年人走得到的食堂每日供餐人次"
denominator = "60岁及以上居民"
numerator_unit = "人次"
denominator_unit = "人"
direction = "up"
fewest = 30
lack = "的老人分不到食堂供餐"
none = "各楼栋的老人都分得到食堂供餐"
cadence = "每月"
source = "Luo 与 Qi（2009）：搜寻半径三等分，权重1、0.68、0.22"
mark = "V"
caveat = "按两步移动搜寻法（E2SFCA）：食堂的容量先在走得到它的老人之间按远近分，再由各楼把走得到的食堂加起来。没有登记容量的食堂不计；一位老人也走不到的食堂，容量不进合计。"
moves = { gained = "可走到的供餐量增加{n}", lost = "可走到的供餐量减少{n}" }

[params]
farthest = 720
functions = ["幸福食堂"]
people = "residents_60"

[[variants]]
id = "near"
name = "10分钟（480米）内"
params = { farthest = 480 }

[[variants]]
id = "residents"
name = "按全体居民计"
params = { people = "residents" }
*/
with home as (
    select
        b.building_id,
        b.building_name,
        b.community_code,
        d.door_no,
        case
            when d.door_no is null then 0
            when $people = 'residents_60' then b.residents_60
            else b.residents
        end as people
    from building as b
    left join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
),
room as (
    select
        q.station_no,
        greatest(q.opened_on, (select min(month_end) from month)) as opened_on,
        q.closed_on,
        sum(f.capacity_per_day) as capacity
    from stations_asked(['街道', '社区', '小区', '集聚区'], $functions::varchar[], 0, 0) as q
    join station_function as f
        on f.station_id = q.station_id and list_contains($functions::varchar[], f.function)
    where f.capacity_per_day is not null
    group by all
),
walk as (
    select
        r.building_no,
        r.station_no,
        room.opened_on,
        room.closed_on,
        room.capacity,
        home.people,
        case
            when r.metres <= $farthest / 3 then 1.0
            when r.metres <= $farthest * 2 / 3 then 0.68
            else 0.22
        end as weight
    from reach as r
    join room using (station_no)
    join home on home.door_no = r.building_no
    where r.metres <= $farthest
),
-- A station's share per person does not depend on which others are open. It is a decimal, so that
-- shares add up to the same whatever their order.
share as (
    select station_no, (any_value(capacity) / nullif(sum(weight * people), 0))::decimal(30, 20) as per_person
    from walk
    group by station_no
),
span as (
    select building_no, opened_on, closed_on, sum(weight * per_person) as offered
    from walk
    join share using (station_no)
    group by all
),
offer as (
    select building_no, sum(offered) as offered
    from span
    where opened_on <= $as_of and closed_on > $as_of
    group by building_no
)
select
    home.building_id as entity_id,
    home.building_name as entity_name,
    c.street_code,
    home.community_code,
    (coalesce(offer.offered, 0)::double * home.people)::decimal(28, 15) as numerator,
    home.people as denominator,
    case when offer.building_no is null then '步行范围内没有食堂' end as reason
from home
join community as c using (community_code)
left join offer on offer.building_no = home.door_no
