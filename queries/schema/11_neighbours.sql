-- What residents agree on themselves: covenants, matters of their forums, hours and points exchanged.

create table covenant (
    covenant_id varchar primary key,
    community_code varchar not null references community (community_code),
    meeting varchar not null check (meeting in ('居民会议', '居民代表会议')),
    adopted_on date not null,
    filed_on date check (filed_on >= adopted_on),
    ended_on date check (ended_on >= adopted_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table covenant is '居民公约，一版一行：何时由什么会议通过、报街道备案、废止';

create table forum_matter (
    matter_id varchar primary key,
    kind varchar not null check (kind in ('大树下的议事会', '5点半话筒', '共同缔造', '其他议事会')),
    community_code varchar not null references community (community_code),
    held_at varchar,
    held_on date not null,
    matter varchar not null,
    settled_on date check (settled_on >= held_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table forum_matter is '居民议事提出的事项及办成日期，不记提出的人';

create table carrier_month (
    station_id varchar not null references station (station_id),
    carrier varchar not null check (carrier in ('时间银行', '积分超市')),
    month date not null check (day(month) = 1),
    earned integer not null check (earned >= 0),
    used integer not null check (used >= 0),
    people integer not null check (people >= 0),
    source_id varchar not null,
    source_row integer not null,
    primary key (station_id, carrier, month),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table carrier_month is '时间银行的小时、积分超市的积分：按阵地、按月，不记个人';
comment on column carrier_month.earned is '当月存入：时间银行为小时，积分超市为分';
comment on column carrier_month.used is '当月支取、兑换，单位同存入';
