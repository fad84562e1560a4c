-- Party organisations and the units joined to them.

create table party_committee (
    committee_id varchar primary key,
    committee_name varchar not null unique,
    level varchar not null check (level in ('街道大工委', '社区大党委')),
    street_code varchar not null references street (street_code),
    community_code varchar references community (community_code),
    established_on date not null,
    dissolved_on date check (dissolved_on > established_on),
    source_id varchar not null,
    source_row integer not null,
    check ((level = '社区大党委') = (community_code is not null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table party_committee is '街道大工委、社区大党委';

create table party_branch (
    branch_id varchar primary key,
    branch_name varchar not null,
    community_code varchar not null references community (community_code),
    established_on date not null,
    dissolved_on date check (dissolved_on > established_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table party_branch is '小区（片区）党支部';

create table branch_neighbourhood (
    branch_id varchar not null references party_branch (branch_id),
    neighbourhood_id varchar not null references neighbourhood (neighbourhood_id),
    source_id varchar not null,
    source_row integer not null,
    primary key (branch_id, neighbourhood_id),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table branch_neighbourhood is '党支部覆盖的小区（一个支部可覆盖数个小区）';

create table member_unit (
    unit_id varchar primary key,
    unit_name varchar not null,
    kind varchar not null check (kind in ('机关事业', '群团组织', '自治组织', '经济组织', '社会组织')),
    committee_id varchar not null references party_committee (committee_id),
    joined_on date not null,
    left_on date check (left_on >= joined_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table member_unit is '大工委、大党委成员单位';

create table industry_committee (
    industry_id varchar primary key,
    industry_name varchar not null unique,
    established_on date not null,
    dissolved_on date check (dissolved_on > established_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table industry_committee is '区级行业系统综合党委';

create table two_new_org (
    org_id varchar primary key,
    org_name varchar not null,
    kind varchar not null check (kind in ('非公企业', '社会组织')),
    industry_id varchar not null references industry_committee (industry_id),
    community_code varchar not null references community (community_code),
    opened_on date not null,
    closed_on date check (closed_on >= opened_on),
    cover varchar not null check (cover in ('单独组建', '联合组建', '工作覆盖', '未覆盖')),
    covered_on date,
    source_id varchar not null,
    source_row integer not null,
    check ((cover = '未覆盖') = (covered_on is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table two_new_org is '两新组织（新经济组织、新社会组织）';
comment on column two_new_org.cover is '覆盖方式；“工作覆盖”不计入组织覆盖率';
