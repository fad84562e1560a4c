-- Places, from the district down to the building. Coordinates are WGS-84 degrees in
-- DOUBLE columns, shapes are WKB of WGS-84 polygons or lines; geometry is done outside SQL.

create table district (
    district_code varchar primary key,
    district_name varchar not null unique,
    population integer check (population > 0),
    population_source varchar,
    shape blob not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table district is '行政区';

create table street (
    street_code varchar primary key check (length(street_code) = 9),
    street_name varchar not null unique,
    district_code varchar not null references district (district_code),
    valid_from date not null,
    valid_to date check (valid_to > valid_from),
    shape blob not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table street is '街道';

create table community (
    community_code varchar primary key check (length(community_code) = 12),
    community_name varchar not null,
    official_name varchar not null,
    street_code varchar not null references street (street_code),
    valid_from date not null,
    valid_to date check (valid_to > valid_from),
    shape blob not null,
    source_id varchar not null,
    source_row integer not null,
    unique (street_code, community_name),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table community is '社区';

create table barrier (
    barrier_id varchar primary key,
    barrier_name varchar not null,
    kind varchar not null check (kind in ('河流', '铁路', '主干道')),
    shape blob not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table barrier is '步行屏障：河流、铁路、主干道';

create table neighbourhood (
    neighbourhood_id varchar primary key,
    neighbourhood_name varchar not null,
    kind varchar not null check (kind in ('小区', '片区')),
    community_code varchar not null references community (community_code),
    built_year integer check (built_year between 1900 and 2100),
    is_old boolean not null,
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table neighbourhood is '小区（片区）';
comment on column neighbourhood.is_old is '是否列为老旧小区';

create table grid_unit (
    grid_id varchar primary key,
    grid_name varchar not null,
    community_code varchar not null references community (community_code),
    households integer not null check (households >= 0),
    set_on date not null,
    merged_on date check (merged_on > set_on),
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table grid_unit is '网格';
comment on column grid_unit.households is '网格户数（户）';

create table grid_role (
    role_id varchar primary key,
    role_name varchar not null unique,
    is_leader boolean not null,
    is_required boolean not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table grid_role is '“一长六员”岗位字典（名称未见公开文件，可配置）';

create table grid_post (
    post_id varchar primary key,
    grid_id varchar not null references grid_unit (grid_id),
    role_id varchar not null references grid_role (role_id),
    filled_on date not null,
    vacated_on date check (vacated_on >= filled_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table grid_post is '网格岗位到岗记录：只记岗位，不记人';

create table building (
    building_id varchar primary key,
    building_name varchar not null,
    neighbourhood_id varchar not null references neighbourhood (neighbourhood_id),
    grid_id varchar not null references grid_unit (grid_id),
    community_code varchar not null references community (community_code),
    built_year integer check (built_year between 1900 and 2100),
    storeys integer not null check (storeys between 1 and 120),
    has_lift boolean not null,
    households integer not null check (households >= 0),
    residents integer not null check (residents >= 0),
    residents_60 integer not null check (residents_60 between 0 and residents),
    residents_0_3 integer not null check (residents_0_3 between 0 and residents),
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table building is '住宅楼栋';
comment on column building.residents is '常住居民（人）';
comment on column building.residents_60 is '60岁及以上居民（人）';
comment on column building.residents_0_3 is '0–3岁婴幼儿（人）';

create table building_post (
    post_id varchar primary key,
    building_id varchar not null references building (building_id),
    kind varchar not null check (kind in ('楼栋党小组长', '党员中心户')),
    since_on date not null,
    until_on date check (until_on >= since_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table building_post is '楼栋骨干：楼栋党小组长、党员中心户（只记岗位，不记人）';

-- Posts of grids that nobody holds on a day, of the grids in the register then: since when (the day
-- the last holder left; where no record says there ever was one, the day the grid was set up) and
-- that holder's record. One row per grid and role.
create macro grid_vacancies(asked_day) as table
with held as (
    select
        grid_id,
        role_id,
        max(vacated_on) as left_on,
        arg_max(post_id, vacated_on) as post_id,
        bool_or(coalesce(vacated_on > asked_day, true)) as is_held
    from grid_post
    where filled_on <= asked_day
    group by grid_id, role_id
)
select
    g.grid_id,
    r.role_id,
    r.role_name,
    r.is_leader,
    r.is_required,
    greatest(coalesce(held.left_on, g.set_on), g.set_on) as since_on,
    (asked_day - greatest(coalesce(held.left_on, g.set_on), g.set_on))::integer as vacant_days,
    held.post_id
from grid_unit as g
cross join grid_role as r
left join held on held.grid_id = g.grid_id and held.role_id = r.role_id
where
    g.set_on <= asked_day
    and coalesce(g.merged_on > asked_day, true)
    and not coalesce(held.is_held, false);

-- Days of the required posts of grids from a day to another, both counted, while the grid was in
-- the register: how many there were and on how many somebody held the post, once however many did.
-- The day of leaving is a day without. One row per grid and role.
create macro grid_post_days(first_day, last_day) as table
with spans as (
    select
        p.grid_id,
        p.role_id,
        greatest(
            p.filled_on,
            max(coalesce(p.vacated_on, date '9999-12-31')) over (
                partition by p.grid_id, p.role_id order by p.filled_on, p.post_id
                rows between unbounded preceding and 1 preceding
            )
        ) as starts_on,
        coalesce(p.vacated_on, date '9999-12-31') as ends_on
    from grid_post as p
),
due as (
    select
        g.grid_id,
        r.role_id,
        greatest(g.set_on, first_day) as first_on,
        least(coalesce(g.merged_on, date '9999-12-31'), last_day + 1) as after_on
    from grid_unit as g
    cross join grid_role as r
    where r.is_required and g.set_on <= last_day and coalesce(g.merged_on > first_day, true)
)
select
    due.grid_id,
    due.role_id,
    any_value(due.after_on - due.first_on)::bigint as due_days,
    coalesce(sum(
        greatest(least(spans.ends_on, due.after_on) - greatest(spans.starts_on, due.first_on), 0)
    ) filter (spans.grid_id is not null), 0)::bigint as filled_days
from due
left join spans on spans.grid_id = due.grid_id and spans.role_id = due.role_id
group by due.grid_id, due.role_id;

-- Leaders and centre households in the buildings of each grid in the register on a day. A grid
-- that no building is assigned to (one merged since, whose buildings are another's now) is not
-- listed: what is not known is not lacking. One row per grid.
create macro grid_core(asked_day) as table
select
    g.grid_id,
    count(p.post_id) filter (p.kind = '楼栋党小组长') as leaders,
    count(p.post_id) filter (p.kind = '党员中心户') as centres
from grid_unit as g
join building as b using (grid_id)
left join building_post as p
    on
        p.building_id = b.building_id
        and p.since_on <= asked_day
        and coalesce(p.until_on > asked_day, true)
where g.set_on <= asked_day and coalesce(g.merged_on > asked_day, true)
group by g.grid_id;

-- The same with where each grid is, its weight by grid (1) or household, and its posts in words. One
-- row per grid.
create macro grid_core_weighed(asked_day, weighed_by) as table
select
    g.grid_id,
    g.grid_name,
    c.street_code,
    g.community_code,
    core.leaders,
    core.centres,
    case weighed_by when 'grid' then 1 else g.households end as weight,
    '楼栋党小组长' || core.leaders || '名、党员中心户' || core.centres || '家' as posts
from grid_core(asked_day) as core
join grid_unit as g using (grid_id)
join community as c on c.community_code = g.community_code;

-- Where the homes of each community lie: the middle of its buildings. One row per community that
-- has any.
create macro community_centre() as table
select
    c.community_code,
    any_value(c.community_name) as community_name,
    median(b.lon) as lon,
    median(b.lat) as lat
from building as b
join community as c using (community_code)
group by c.community_code;

-- Metres between two points in degrees that lie in one district: true to half a per cent, enough to tell a
-- wrong coordinate from a right one. Walks are measured elsewhere, in projected metres.
create macro rough_metres(lon_a, lat_a, lon_b, lat_b) as
sqrt(pow((lon_a - lon_b) * cos(radians((lat_a + lat_b) / 2)) * 111320, 2) + pow((lat_a - lat_b) * 111130, 2));
