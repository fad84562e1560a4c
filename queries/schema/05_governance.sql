-- Opinion items and their passage through the four tiers.

create table opinion (
    opinion_id varchar primary key,
    community_code varchar not null references community (community_code),
    channel varchar not null check (channel in ('党员中心户', '网格走访', '议事会', '线上平台', '热线转办')),
    category varchar not null,
    received_on date not null,
    due_on date not null,
    closed_on date,
    closed_tier varchar check (closed_tier in ('小区', '社区', '街道', '部门')),
    source_id varchar not null,
    source_row integer not null,
    check (due_on >= received_on),
    check (closed_on >= received_on),
    check ((closed_on is null) = (closed_tier is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table opinion is '社情民意事项：只记类别，不记诉求人与原文';
comment on column opinion.due_on is '应办结日期（按工作日算好后入账）';

create table opinion_event (
    opinion_id varchar not null references opinion (opinion_id),
    step integer not null check (step >= 1),
    tier varchar not null check (tier in ('小区', '社区', '街道', '部门')),
    action varchar not null check (action in ('受理', '上报', '退回', '办结')),
    happened_on date not null,
    source_id varchar not null,
    source_row integer not null,
    primary key (opinion_id, step),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table opinion_event is '民情流转：小区－社区－街道－部门逐级办理';
