-- What is held and reported: activities, the training camp, the weekly bulletin. Counts only.

create table activity (
    activity_id varchar primary key,
    held_on date not null,
    kind varchar not null check (
        kind in ('湾有引力', '5点半话筒', '大树下的议事会', '共同缔造', '红色朋友圈', '其他')
    ),
    title varchar not null,
    theme varchar,
    street_code varchar not null references street (street_code),
    community_code varchar references community (community_code),
    station_id varchar references station (station_id),
    held_by varchar not null,
    attendees integer not null check (attendees >= 0),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table activity is '活动：哪天、在哪里、哪个单位办、多少人次，不记姓名';

create table training (
    training_id varchar primary key,
    held_on date not null,
    level varchar not null check (level in ('区', '街道')),
    street_code varchar references street (street_code),
    topic varchar not null,
    hours double not null check (hours > 0),
    invited integer not null check (invited >= 1),
    attended integer not null check (attended >= 0),
    source_id varchar not null,
    source_row integer not null,
    check (attended <= invited),
    check ((level = '街道') = (street_code is not null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table training is '党建训练营：应到、实到只记岗位数，不记姓名';

create table bulletin (
    issue varchar primary key,
    week_start date not null unique check (isodow(week_start) = 1),
    issued_on date not null,
    headline varchar,
    source_id varchar not null,
    source_row integer not null,
    check (issued_on >= week_start),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table bulletin is '基层党建工作一周动态：每期报周一到周日的一周';
