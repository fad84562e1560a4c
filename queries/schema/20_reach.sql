-- What the walking network says, measured when the version is built: where every door is, every
-- walk of up to 1,500 m from a station to a building, and the doors no walk can start from; then
-- the questions the circle metrics ask of them, as table macros.
-- A million walks want small rows: doors are numbered within their kind, and no key is indexed.

create table walk_door (
    entity_table varchar not null check (entity_table in ('building', 'station')),
    entity_id varchar not null,
    door_no integer not null check (door_no >= 0),
    east double not null,
    north double not null,
    leg real not null check (leg >= 0),
    primary key (entity_table, entity_id)
);
comment on table walk_door is '楼栋、阵地的门：序号、投影坐标（米）和到步行路网的距离（米）';
comment on column walk_door.door_no is '同类之中的序号，按编号排列，自零起';
comment on column walk_door.leg is '门到最近步行路段的距离；接不上路网的门也记';

create table reach (
    building_no integer not null,
    station_no smallint not null,
    metres real not null check (metres between 0 and 1500)
);
comment on table reach is '阵地与楼栋之间1,500米以内的步行距离（米），两头门前的路都计入';

create table unroutable (
    entity_table varchar not null check (entity_table in ('building', 'station')),
    entity_id varchar not null,
    metres double,
    reason varchar not null,
    primary key (entity_table, entity_id)
);
comment on table unroutable is '走不到的楼栋和阵地：离步行路网的距离（米）和原因';

-- The stations a question is about, with the time each is there. One row per station.
-- levels: which levels count. functions: it offers one of them; none named means any.
-- on_weekday (1 = Monday), at_minute (after midnight): open then; weekday 0 means whenever.
-- A station whose hours nobody entered is not known to be open.
create macro stations_asked(levels, functions, on_weekday, at_minute) as table
select
    d.door_no as station_no,
    s.station_id,
    d.east,
    d.north,
    s.opened_on,
    coalesce(s.closed_on, date '9999-12-31') as closed_on
from station as s
join walk_door as d on d.entity_table = 'station' and d.entity_id = s.station_id
where
    list_contains(levels, s.level)
    and (
        len(functions) = 0
        or s.station_id in (
            select f.station_id from station_function as f where list_contains(functions, f.function)
        )
    )
    and (
        on_weekday = 0
        or s.station_id in (
            select h.station_id
            from station_hours as h
            where
                h.weekday = on_weekday
                and h.opens_minute <= at_minute
                and h.closes_minute > at_minute
        )
    );

-- The shortest walk from each building to one of those stations, among walks up to `farthest`
-- metres, at the end of day `as_of`. One row per building that has such a walk.
-- Walks to the stations that are there in all of the version's months, which most are, are put
-- together first, whatever the month; the others meet it one by one.
create macro nearest_walk(as_of, farthest, levels, functions, on_weekday, at_minute) as table
with asked_station as (
    select
        q.station_no,
        q.opened_on,
        q.closed_on,
        q.opened_on <= first.day and q.closed_on = date '9999-12-31' as is_lasting
    from stations_asked(levels, functions, on_weekday, at_minute) as q
    cross join (select min(month_end) as day from month) as first
),
walk as (
    select
        r.building_no,
        date '0001-01-01' as opened_on,
        date '9999-12-31' as closed_on,
        min(r.metres) as metres
    from reach as r
    join asked_station as q using (station_no)
    where r.metres <= farthest and q.is_lasting
    group by r.building_no
    union all
    select r.building_no, q.opened_on, q.closed_on, r.metres
    from reach as r
    join asked_station as q using (station_no)
    where r.metres <= farthest and not q.is_lasting
),
nearest as (
    select building_no, min(metres) as metres
    from walk
    where opened_on <= as_of and closed_on > as_of
    group by building_no
)
select d.entity_id as building_id, nearest.metres
from nearest
join walk_door as d on d.entity_table = 'building' and d.door_no = nearest.building_no;

-- Buildings with one of those stations within `farthest` metres at the end of day `as_of`: without
-- the metres, and several times faster over many months. One row per building.
create macro buildings_served(as_of, farthest, levels, functions, on_weekday, at_minute) as table
with span as (
    select r.building_no, q.closed_on, min(q.opened_on) as opened_on
    from reach as r
    join stations_asked(levels, functions, on_weekday, at_minute) as q using (station_no)
    where r.metres <= farthest
    group by all
),
served as (
    select distinct building_no from span where opened_on <= as_of and closed_on > as_of
)
select d.entity_id as building_id
from served
join walk_door as d on d.entity_table = 'building' and d.door_no = served.building_no;

-- Every residential building with the people of a group who live in it, and those of them with one
-- of those stations within `farthest` metres; `reason` says why a building is not covered. Where
-- no walk can be measured nobody counts. people: residents, residents_60, residents_0_3,
-- residents_4_59 or households. One row per building.
create macro homes_covered(
    as_of, farthest, levels, functions, on_weekday, at_minute, people
) as table
with served as (
    from buildings_served(as_of, farthest, levels, functions, on_weekday, at_minute)
),
home as (
    select
        b.building_id,
        b.building_name,
        b.community_code,
        case
            when d.entity_id is null then 0
            when people = 'residents' then b.residents
            when people = 'residents_60' then b.residents_60
            when people = 'residents_0_3' then b.residents_0_3
            when people = 'residents_4_59' then greatest(b.residents - b.residents_60 - b.residents_0_3, 0)
            when people = 'households' then b.households
        end as residents
    from building as b
    left join walk_door as d on d.entity_table = 'building' and d.entity_id = b.building_id
)
select
    home.building_id as entity_id,
    home.building_name as entity_name,
    c.street_code,
    home.community_code,
    case when served.building_id is null then 0 else home.residents end as numerator,
    home.residents as denominator,
    case
        when served.building_id is not null then null
        when u.entity_id is not null
            then u.reason || coalesce('（' || round(u.metres)::integer || '米）', '')
        else '步行' || round(farthest)::integer || '米内没有符合条件的阵地'
    end as reason
from home
join community as c using (community_code)
left join served using (building_id)
left join unroutable as u on u.entity_table = 'building' and u.entity_id = home.building_id;
