-- Renovation of old neighbourhoods, its money, the community fund, demonstration sites.

create table renovation_step (
    stage varchar primary key,
    position integer not null unique check (position >= 1),
    milestone varchar unique check (milestone in ('开工', '完工', '验收')),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table renovation_step is '旧改阶段字典：阶段名称与先后，可配置';
comment on column renovation_step.milestone is '该阶段的实际日期即开工、完工或验收日期';

create table renovation_project (
    project_id varchar primary key,
    project_name varchar not null,
    neighbourhood_id varchar not null references neighbourhood (neighbourhood_id),
    community_code varchar not null references community (community_code),
    category varchar not null check (category in ('基础类', '完善类', '提升类')),
    plan_year integer not null check (plan_year between 2000 and 2100),
    buildings integer not null check (buildings >= 0),
    households integer not null check (households >= 0),
    budget_yuan bigint not null check (budget_yuan between 0 and 10000000000),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table renovation_project is '老旧小区改造项目';
comment on column renovation_project.budget_yuan is '计划总投资（元）';

create table renovation_stage (
    project_id varchar not null references renovation_project (project_id),
    stage varchar not null references renovation_step (stage),
    planned_on date not null,
    actual_on date,
    source_id varchar not null,
    source_row integer not null,
    primary key (project_id, stage),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table renovation_stage is '旧改阶段：计划与实际日期';

create table investment (
    entry_id varchar primary key,
    project_id varchar not null references renovation_project (project_id),
    month date not null check (day(month) = 1),
    source varchar not null check (source in ('中央', '省', '市', '区', '社会', '居民')),
    planned_yuan bigint not null check (planned_yuan between 0 and 10000000000),
    allocated_yuan bigint not null check (allocated_yuan between 0 and 10000000000),
    paid_yuan bigint not null check (paid_yuan between 0 and 10000000000),
    source_id varchar not null,
    source_row integer not null,
    unique (project_id, month, source),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table investment is '旧改资金：按月按来源的计划、下达、支付（元）';

create table beneficiary (
    project_id varchar primary key references renovation_project (project_id),
    unique_residents integer not null check (unique_residents >= 0),
    cumulative_residents integer not null check (cumulative_residents >= unique_residents),
    confirmed_on date not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table beneficiary is '旧改受益居民：去重人数与累计人次分列';

create table fund_entry (
    entry_id varchar primary key,
    booked_on date not null,
    direction varchar not null check (direction in ('收入', '支出')),
    community_code varchar references community (community_code),
    theme varchar check (theme in ('一老一小', '社区公益', '邻里关照')),
    element varchar check (element in ('社区', '社会工作者', '社区社会组织', '社区志愿者', '社区公益慈善资源')),
    item varchar not null,
    amount_yuan bigint not null check (amount_yuan between 1 and 100000000),
    source_id varchar not null,
    source_row integer not null,
    check (direction = '收入' or (community_code is not null and theme is not null and element is not null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table fund_entry is '社区基金收支（元）';

create table demo_site (
    site_id varchar primary key,
    site_name varchar not null,
    level varchar not null check (level in ('市级', '区级')),
    community_code varchar not null references community (community_code),
    named_on date not null,
    revoked_on date check (revoked_on > named_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table demo_site is '“四创合一”样板示范点';
