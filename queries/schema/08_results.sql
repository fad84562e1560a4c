-- Published figures of the district to hold against; and what the build adds to the ledgers: checked
-- rules, and every metric run for every month.

create table claim (
    claim_id varchar primary key,
    subject varchar not null,
    comparator varchar not null check (comparator in ('等于', '超过', '不少于', '不到', '不超过')),
    value double not null,
    unit varchar not null,
    metric_id varchar,
    other_metrics varchar,
    quote varchar not null,
    note varchar,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table claim is '公开报道中的数字及其比较方式';
comment on column claim.metric_id is '与哪项指标对照';
comment on column claim.other_metrics is '原文没有说明口径的，另几种算法的指标，以分号隔开';

create table month (
    month date primary key check (day(month) = 1),
    month_end date not null
);
comment on table month is '本版本可选的统计月份';

create table station_place (
    station_id varchar primary key references station (station_id),
    community_code varchar references community (community_code),
    metres_outside double not null check (metres_outside >= 0)
);
comment on table station_place is '阵地坐标实际落在的社区，及离台账所写社区的距离（米）';

-- Its months and places are held against their tables in one go once all are in: a key of each row
-- would cost as much as a tenth of the figures.
create table metric_value (
    metric_id varchar not null,
    variant varchar not null,
    month date not null,
    street_code varchar,
    community_code varchar,
    numerator double not null,
    denominator double,
    members integer not null check (members >= 0)
);
comment on table metric_value is '指标月值：按社区（或只到街道、只到全区）的分子、分母之和';

create table metric_input (
    metric_id varchar not null,
    variant varchar not null,
    digest varchar not null check (length(digest) = 64),
    rule varchar not null,
    primary key (metric_id, variant)
);
comment on table metric_input is '各指标算自什么：所用各表的行、SQL、参数与软件版本的校验值';
comment on column metric_input.rule is '怎样算：单位、时段、参数、SQL 与它用到的宏和视图的原文';

create table check_result (
    check_id varchar not null,
    severity varchar not null check (severity in ('错误', '警告', '提示')),
    entity_table varchar not null,
    entity_id varchar not null,
    message varchar not null,
    mend varchar not null
);
comment on table check_result is '数据质量规则查出的行';

create table version_note (
    key varchar primary key,
    value varchar not null
);
comment on table version_note is '版本说明：数据性质、软件版本等';
