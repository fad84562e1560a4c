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

create table pledge (
    pledge_id varchar primary key,
    unit_id varchar not null references member_unit (unit_id),
    content varchar not null,
    kind varchar not null check (kind in ('资金', '场地', '人力', '服务', '物资')),
    quantity double check (quantity >= 0),
    measure varchar,
    promised_on date not null,
    due_on date not null check (due_on >= promised_on),
    delivered_on date check (delivered_on >= promised_on),
    confirmed_by varchar references party_committee (committee_id),
    source_id varchar not null,
    source_row integer not null,
    check ((quantity is null) = (measure is null)),
    check (confirmed_by is null or delivered_on is not null),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table pledge is '成员单位的承诺：承诺什么，何时应兑现，何时兑现';
comment on column pledge.quantity is '承诺的数量；以 measure 计';

create table brand (
    brand_id varchar primary key,
    brand_name varchar not null,
    level varchar not null check (level in ('街道', '社区')),
    street_code varchar not null references street (street_code),
    community_code varchar references community (community_code),
    theme varchar,
    declared_on date not null,
    ended_on date check (ended_on >= declared_on),
    source_id varchar not null,
    source_row integer not null,
    check ((level = '社区') = (community_code is not null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table brand is '党建品牌：一街道一品牌、一社区一特色';

create table award (
    award_id varchar primary key,
    kind varchar not null check (kind in ('十大党建特色品牌', '十大党建创新案例')),
    year integer not null check (year between 2000 and 2100),
    title varchar not null,
    street_code varchar not null references street (street_code),
    community_code varchar references community (community_code),
    brand_id varchar references brand (brand_id),
    awarded_on date not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table award is '十大品牌、十大案例的入选名单；只作陈列，不进任何评分';

create table action_task (
    task_id varchar primary key,
    action varchar not null
    check (action in ('党旗飘扬', '提质增效', '头雁领航', '互融互促', '聚力赋能', '创新拓展')),
    title varchar not null,
    lead_unit varchar not null,
    planned_on date not null,
    done_on date,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table action_task is '六大行动的任务节点';

create table theme_year (
    theme_id varchar primary key,
    theme_name varchar not null,
    starts_on date,
    ends_on date check (ends_on > starts_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table theme_year is '基层党建主题年；起止日期未见公开的留空';

create table label (
    term varchar primary key,
    sentence varchar not null,
    meaning varchar,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table label is '提法：原文与公开解释（未见公开解释的留空）';

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

create table cluster (
    cluster_id varchar primary key,
    cluster_name varchar not null unique,
    street_code varchar not null references street (street_code),
    industry_id varchar references industry_committee (industry_id),
    industry_label varchar,
    named_on date not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table cluster is '产业集聚区';
comment on column cluster.industry_label is '产业，照文件原名，没有写明的留空';

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
    cluster_id varchar references cluster (cluster_id),
    source_id varchar not null,
    source_row integer not null,
    check ((cover = '未覆盖') = (covered_on is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table two_new_org is '两新组织（新经济组织、新社会组织）';
comment on column two_new_org.cover is '覆盖方式；“工作覆盖”不计入组织覆盖率';

create table linkage (
    link_id varchar primary key,
    tier varchar not null check (tier in ('区-街道', '街道-社区', '社区-小区', '小区-中心户')),
    committee_id varchar references party_committee (committee_id),
    branch_id varchar references party_branch (branch_id),
    post_id varchar references building_post (post_id),
    backer_committee_id varchar references party_committee (committee_id),
    backer_branch_id varchar references party_branch (branch_id),
    backer_post varchar not null,
    since_on date not null,
    until_on date check (until_on >= since_on),
    source_id varchar not null,
    source_row integer not null,
    check ((tier in ('区-街道', '街道-社区')) = (committee_id is not null)),
    check ((tier = '社区-小区') = (branch_id is not null)),
    check ((tier = '小区-中心户') = (post_id is not null)),
    check ((tier in ('街道-社区', '社区-小区')) = (backer_committee_id is not null)),
    check ((tier = '小区-中心户') = (backer_branch_id is not null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table linkage is '包保联动：哪个岗位包保哪个下级组织或党员中心户（只记岗位，不记人）';
comment on column linkage.backer_post is '包保岗位；与所属组织一起才是一个岗位';

-- How many one post may back, by level: no document says; change them to the district's own.
create macro linkage_most(tier) as
case tier when '区-街道' then 2 when '街道-社区' then 5 when '社区-小区' then 5 else 10 end;

-- The roster of the linkage on a day: committees and branches at work, centre households in post.
-- One row per unit; a unit's number is unique within its table.
create macro linkage_roster(asked_day) as table
select
    case level when '街道大工委' then '区-街道' else '街道-社区' end as tier,
    'party_committee' as entity_table,
    committee_id as unit_id,
    committee_name as unit_name,
    street_code,
    community_code
from party_committee
where established_on <= asked_day and coalesce(dissolved_on > asked_day, true)
union all
select '社区-小区', 'party_branch', b.branch_id, b.branch_name, c.street_code, b.community_code
from party_branch as b
join community as c using (community_code)
where b.established_on <= asked_day and coalesce(b.dissolved_on > asked_day, true)
union all
select
    '小区-中心户',
    'building_post',
    p.post_id,
    b.building_name || '党员中心户',
    c.street_code,
    b.community_code
from building_post as p
join building as b using (building_id)
join community as c on c.community_code = b.community_code
where
    p.kind = '党员中心户'
    and p.since_on <= asked_day
    and coalesce(p.until_on > asked_day, true);

-- Which organisation is above which unit of the roster: a street's committee above those of its
-- communities, theirs above the branches, a branch above the centre households of the
-- neighbourhoods it covers. The district is above the streets' committees. No row for a unit that
-- has none above it; two where two branches cover a neighbourhood.
create macro linkage_above(asked_day) as table
with at_work as (
    select committee_id, level, street_code, community_code
    from party_committee
    where established_on <= asked_day and coalesce(dissolved_on > asked_day, true)
)
select '区-街道' as tier, committee_id as unit_id, '' as above_id
from at_work
where level = '街道大工委'
union all
select '街道-社区', low.committee_id, high.committee_id as above_id
from at_work as low
join at_work as high on high.street_code = low.street_code and high.level = '街道大工委'
where low.level = '社区大党委'
union all
select '社区-小区', b.branch_id, high.committee_id
from party_branch as b
join at_work as high on high.community_code = b.community_code
where b.established_on <= asked_day and coalesce(b.dissolved_on > asked_day, true)
union all
select '小区-中心户', p.post_id, b.branch_id
from building_post as p
join building using (building_id)
join branch_neighbourhood as n on n.neighbourhood_id = building.neighbourhood_id
join party_branch as b on b.branch_id = n.branch_id
where
    p.kind = '党员中心户'
    and p.since_on <= asked_day
    and coalesce(p.until_on > asked_day, true)
    and b.established_on <= asked_day
    and coalesce(b.dissolved_on > asked_day, true);

-- Links in force on a day. `nth` counts what one post backs at a level, the longest backed first.
create macro linkage_in_force(asked_day) as table
with links as (
    select
        tier,
        coalesce(committee_id, branch_id, post_id) as unit_id,
        coalesce(backer_committee_id, backer_branch_id, '') as backer_id,
        backer_post,
        min(since_on) as since_on,
        min(link_id) as link_id
    from linkage
    where since_on <= asked_day and coalesce(until_on > asked_day, true)
    group by all
)
select
    *,
    row_number() over (
        partition by tier, backer_id, backer_post order by since_on, link_id
    ) as nth
from links;

-- The linkage link by link on a day, with what breaks it: the first that holds of a unit's own link,
-- '上一级断开' where its own is in order and one above is not (or no organisation is above). One row
-- per unit of the roster; one more for a branch without a centre household (its fourth link); and
-- one per link in force whose object was dissolved. Null where the chain reaches the district.
create macro linkage_chain(asked_day) as table
with roster as (from linkage_roster(asked_day)),
above as (from linkage_above(asked_day)),
in_force as (from linkage_in_force(asked_day)),
ever as (
    select distinct tier, coalesce(committee_id, branch_id, post_id) as unit_id
    from linkage
    where since_on <= asked_day
),
-- What the links of each unit are worth: 3 by a post above it within its bound, 2 beyond it, 1 by
-- a post of another organisation.
worth as (
    select
        l.tier,
        l.unit_id,
        max(case when a.unit_id is null then 1 when l.nth > linkage_most(l.tier) then 2 else 3 end)
            as best
    from in_force as l
    left join above as a
        on a.tier = l.tier and a.unit_id = l.unit_id and a.above_id = l.backer_id
    group by l.tier, l.unit_id
),
-- The links that hold: which unit hangs on which one above it.
holds as (
    select distinct l.tier, l.unit_id, l.backer_id
    from in_force as l
    join above as a on a.tier = l.tier and a.unit_id = l.unit_id and a.above_id = l.backer_id
    where l.nth <= linkage_most(l.tier)
),
streets as (select unit_id from holds where tier = '区-街道'),
communities as (
    select distinct h.unit_id
    from holds as h
    join streets on streets.unit_id = h.backer_id
    where h.tier = '街道-社区'
),
branches as (
    select distinct h.unit_id
    from holds as h
    join communities on communities.unit_id = h.backer_id
    where h.tier = '社区-小区'
),
whole as (
    select '区-街道' as tier, unit_id from streets
    union all
    select '街道-社区', unit_id from communities
    union all
    select '社区-小区', unit_id from branches
    union all
    select distinct '小区-中心户', h.unit_id
    from holds as h
    join branches on branches.unit_id = h.backer_id
    where h.tier = '小区-中心户'
),
tails as (select distinct above_id from above where tier = '小区-中心户')
select
    r.tier,
    r.entity_table,
    r.unit_id,
    r.unit_name,
    r.street_code,
    r.community_code,
    case
        when whole.unit_id is not null then null
        when a.unit_id is null then '上一级断开'
        when worth.best = 3 then '上一级断开'
        when worth.best = 2 then '一个岗位包保过多'
        when worth.best = 1 then '包保岗位不属上级组织'
        when ever.unit_id is not null then '包保已到期，无人接续'
        else '从未有人包保'
    end as reason
from roster as r
left join (select distinct tier, unit_id from above) as a
    on a.tier = r.tier and a.unit_id = r.unit_id
left join worth on worth.tier = r.tier and worth.unit_id = r.unit_id
left join ever on ever.tier = r.tier and ever.unit_id = r.unit_id
left join whole on whole.tier = r.tier and whole.unit_id = r.unit_id
union all
select
    '小区-中心户',
    r.entity_table,
    r.unit_id,
    r.unit_name,
    r.street_code,
    r.community_code,
    '没有党员中心户'
from roster as r
left join tails on tails.above_id = r.unit_id
where r.tier = '社区-小区' and tails.above_id is null
union all
select
    l.tier,
    case
        when l.tier = '小区-中心户' then 'building_post'
        when l.tier = '社区-小区' then 'party_branch'
        else 'party_committee'
    end,
    l.unit_id,
    coalesce(p.committee_name, b.branch_name, h.building_name || '党员中心户'),
    coalesce(p.street_code, c.street_code),
    coalesce(p.community_code, c.community_code),
    '包保对象已撤销'
from in_force as l
left join roster as r on r.tier = l.tier and r.unit_id = l.unit_id
left join party_committee as p on p.committee_id = l.unit_id and l.tier in ('区-街道', '街道-社区')
left join party_branch as b on b.branch_id = l.unit_id and l.tier = '社区-小区'
left join building_post as post on post.post_id = l.unit_id and l.tier = '小区-中心户'
left join building as h on h.building_id = post.building_id
left join community as c on c.community_code = coalesce(b.community_code, h.community_code)
where r.unit_id is null;

-- Branches at work on a day that back, within the bound, a centre household of a neighbourhood
-- they cover: their fourth link holds. One row per branch.
create macro linkage_tails(asked_day) as table
select distinct l.backer_id as branch_id
from linkage_in_force(asked_day) as l
join linkage_above(asked_day) as a
    on a.tier = l.tier and a.unit_id = l.unit_id and a.above_id = l.backer_id
where l.tier = '小区-中心户' and l.nth <= linkage_most(l.tier);

-- The homes and neighbourhoods below committees and branches: of a street, of a community, or those a
-- branch covers, as the ledgers have them now. One row per unit that has any.
create macro organisation_homes() as table
with homes as (
    select
        n.neighbourhood_id,
        n.community_code,
        c.street_code,
        coalesce(sum(b.households), 0)::integer as households
    from neighbourhood as n
    join community as c using (community_code)
    left join building as b using (neighbourhood_id)
    group by n.neighbourhood_id, n.community_code, c.street_code
),
below as (
    select 'party_branch' as entity_table, l.branch_id as unit_id, homes.households
    from branch_neighbourhood as l
    join homes using (neighbourhood_id)
    union all
    select 'party_committee', p.committee_id, homes.households
    from party_committee as p
    join homes
        on homes.street_code = p.street_code
        and (p.community_code is null or homes.community_code = p.community_code)
)
select
    entity_table,
    unit_id,
    sum(households)::integer as households,
    count(*)::integer as neighbourhoods
from below
group by entity_table, unit_id;
