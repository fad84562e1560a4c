-- Party-service stations (阵地) of four levels, what they offer, when they are open, and the rooms
-- in which new ones could open.

create table station (
    station_id varchar primary key,
    station_name varchar not null,
    level varchar not null check (level in ('街道', '社区', '小区', '集聚区')),
    brand varchar,
    street_code varchar not null references street (street_code),
    community_code varchar references community (community_code),
    area_m2 double not null check (area_m2 > 0),
    opened_on date not null,
    closed_on date check (closed_on > opened_on),
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    cluster_id varchar references cluster (cluster_id),
    source_id varchar not null,
    source_row integer not null,
    -- Only what another street may not know has neither: see chunshui/pipeline/narrow.py.
    check (level in ('街道', '集聚区') or community_code is not null or station_name = '外街道阵地'),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table station is '党群服务阵地';
comment on column station.area_m2 is '建筑面积（平方米）';
comment on column station.community_code is '所服务的社区；街道级、集聚区级可空';

create table station_function (
    station_id varchar not null references station (station_id),
    function varchar not null check (function in (
        '党群服务', '幸福食堂', '居家养老', '托育扶幼', '积分超市', '时间银行', '小哥驿站', '议事协商', '文体活动',
        '小哥窗口'
    )),
    capacity_per_day integer check (capacity_per_day > 0),
    source_id varchar not null,
    source_row integer not null,
    primary key (station_id, function),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table station_function is '阵地功能与每日容量（人次）';

-- Communities of the register on a day, and whether a station with a function is open there then. One
-- row per community.
create macro communities_served(asked_function, asked_day) as table
with served as (
    select distinct s.community_code
    from station as s
    join station_function as f using (station_id)
    where
        f.function = asked_function
        and s.opened_on <= asked_day
        and coalesce(s.closed_on > asked_day, true)
)
select
    c.community_code,
    c.community_name,
    c.street_code,
    served.community_code is not null as is_served
from community as c
left join served on served.community_code = c.community_code
where c.valid_from <= asked_day and coalesce(c.valid_to > asked_day, true);

create table station_hours (
    station_id varchar not null references station (station_id),
    weekday integer not null check (weekday between 1 and 7),
    opens_minute integer not null check (opens_minute between 0 and 1439),
    closes_minute integer not null check (closes_minute <= 1440),
    source_id varchar not null,
    source_row integer not null,
    primary key (station_id, weekday, opens_minute),
    check (closes_minute > opens_minute),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table station_hours is '阵地开放时间：weekday 1＝周一；分钟自零时起算';

create table premises (
    premises_id varchar primary key,
    premises_name varchar not null,
    address varchar,
    community_code varchar not null references community (community_code),
    area_m2 double not null check (area_m2 > 0),
    owner varchar not null check (owner in ('区属公房', '街道', '社区', '国有企业', '其他')),
    state varchar not null check (state in ('空置', '在用可腾退')),
    is_ground_floor boolean not null,
    capacity_per_day integer check (capacity_per_day > 0),
    listed_on date not null,
    settled_on date check (settled_on >= listed_on),
    lon double not null check (lon between -180 and 180),
    lat double not null check (lat between -90 and 90),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table premises is '可改作阵地的闲置或可腾退房屋';
comment on column premises.capacity_per_day is '建议每日容量（人次）；空着的按面积推算';
comment on column premises.settled_on is '已另有用途或已建成阵地之日；仍可选的为空';
