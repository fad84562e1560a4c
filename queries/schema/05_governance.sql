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
    neighbourhood_id varchar references neighbourhood (neighbourhood_id),
    repeat_of varchar,
    source_id varchar not null,
    source_row integer not null,
    check (due_on >= received_on),
    check (closed_on >= received_on),
    check ((closed_on is null) = (closed_tier is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table opinion is '社情民意事项：只记类别，不记诉求人与原文';
comment on column opinion.due_on is '应办结日期（按工作日算好后入账）';
comment on column opinion.neighbourhood_id is '所反映的小区或片区';
comment on column opinion.repeat_of is '重复件：上一次反映这件事的事项编号';

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

create table opinion_callback (
    opinion_id varchar primary key references opinion (opinion_id),
    called_on date not null,
    is_reached boolean not null,
    is_solved boolean check ((is_solved is not null) = is_reached),
    is_satisfied boolean check ((is_satisfied is not null) = is_reached),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table opinion_callback is '民情回访：办结以后是否接通、解决、满意（不记人）';

-- Opinion items whose call back was answered from a day to another, both counted, and what was said.
-- One row per item.
create macro opinions_reached(first_day, last_day) as table
select
    o.opinion_id,
    o.category || '（' || b.called_on || '回访）' as opinion_name,
    c.street_code,
    o.community_code,
    b.is_solved,
    b.is_satisfied
from opinion_callback as b
join opinion as o using (opinion_id)
join community as c using (community_code)
where b.is_reached and b.called_on between first_day and last_day;

create table opinion_category (
    category varchar primary key,
    limit_workdays integer not null check (limit_workdays between 1 and 250),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table opinion_category is '民情类别的办理时限';
comment on column opinion_category.limit_workdays is '办理时限（工作日），自受理次日起算';

create table workday (
    day date primary key,
    kind varchar not null check (kind in ('放假', '上班')),
    holiday varchar,
    notice varchar not null,
    published_year integer not null check (published_year between 2000 and 2100),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table workday is '放假与调休上班的日子；平常的工作日和周末不列';
comment on column workday.published_year is '安排公布的年份';

create table challenge (
    challenge_id varchar primary key,
    title varchar not null,
    category varchar not null,
    street_code varchar not null references street (street_code),
    community_code varchar references community (community_code),
    posted_by varchar not null,
    posted_on date not null,
    mode varchar check (mode in ('主动认领', '点题交办')),
    claimed_by varchar,
    claimed_on date check (claimed_on >= posted_on),
    due_on date check (due_on >= posted_on),
    done_on date check (done_on >= claimed_on),
    result varchar check (result in ('完成', '部分完成', '未完成')),
    source_id varchar not null,
    source_row integer not null,
    check ((mode is null) = (claimed_on is null)),
    check ((mode is null) = (claimed_by is null)),
    check (done_on is null or claimed_on is not null),
    check ((done_on is null) = (result is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table challenge is '揭榜领题：发榜事项由谁认领、何时完成（单位，不记人）';

create table assignment (
    assignment_id varchar primary key,
    title varchar not null,
    street_code varchar references street (street_code),
    community_code varchar references community (community_code),
    unit varchar not null,
    issued_on date not null,
    due_on date not null check (due_on >= issued_on),
    basis varchar,
    snapshot_id varchar check (regexp_full_match(snapshot_id, 'KZ(-[0-9A-F]{4}){3}')),
    is_done boolean,
    done_on date check (done_on >= issued_on),
    result varchar,
    source_id varchar not null,
    source_row integer not null,
    check (coalesce(is_done, false) = (done_on is not null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table assignment is '会议交办的事项：交给哪个单位或岗位（不记人）、何时应完成、办得怎样';
comment on column assignment.basis is '交办时的数字，照会议材料';
comment on column assignment.snapshot_id is '交办单所在的会议快照；不是本系统冻结的会议为空';

-- Every day with whether it is worked and how many working days there were up to it, so that the
-- working days after one day up to another are a difference of two numbers. In a year of which the
-- ledger says nothing only weekends are off (is_published is false).
create view working_day as
with days as (
    select unnest(generate_series(date '2015-01-01', date '2040-12-31', interval 1 day))::date as day
),
known as (select distinct year(w.day) as known_year from workday as w),
marked as (
    select
        d.day,
        case when w.kind is null then isodow(d.day) <= 5 else w.kind = '上班' end as is_worked,
        k.known_year is not null as is_published
    from days as d
    left join workday as w using (day)
    left join known as k on k.known_year = year(d.day)
)
select day, is_worked, is_published, sum(is_worked::integer) over (order by day) as worked_days
from marked;

-- Visits of the items of other streets, without the items, where the version has one street's rows alone
-- (chunshui/pipeline/narrow.py; empty else): how long a tier takes is judged beside all others.
create table opinion_visit_elsewhere (
    street_code varchar not null references street (street_code),
    tier varchar not null,
    came_on date not null,
    taken_on date,
    left_on date
);
comment on table opinion_visit_elsewhere is '别的街道的民情在各级停留的起止日期：不含事项，只供比较用时';

-- Items whose events are no path through the tiers, as known on a day: with which step it breaks, and
-- how. A path begins with an acceptance, is handed on only by the tier that accepted it, one tier up
-- or down, and ends where it is closed. One row per broken item.
create macro opinion_flow_broken(asked_day) as table
with steps as (
    select
        opinion_id,
        step,
        action,
        list_position(['小区', '社区', '街道', '部门'], tier) as at_tier,
        lag(action) over (partition by opinion_id order by step) as last_action,
        lag(list_position(['小区', '社区', '街道', '部门'], tier)) over (partition by opinion_id order by step)
            as last_tier
    from opinion_event
    where happened_on <= asked_day
),
faults as (
    select
        opinion_id,
        step,
        case
            when last_action is null then case when action != '受理' then '第一步不是受理' end
            when last_action = '办结' then '办结以后还有流转'
            when last_action = '受理' then case
                when action = '受理' then '已受理的又受理'
                when at_tier != last_tier then '不是受理的那一级' || action
                when action = '上报' and at_tier = 4 then '部门以上没有可上报的一级'
                when action = '退回' and at_tier = 1 then '小区以下没有可退回的一级'
            end
            when action != '受理' then '没有受理就' || action
            when at_tier != last_tier + case last_action when '上报' then 1 else -1 end
                then last_action || '以后不是' || case last_action when '上报' then '上' else '下' end
                    || '一级受理'
        end as fault
    from steps
)
select opinion_id, min(step) as step, arg_min(fault, step) as fault
from faults
where fault is not null
group by opinion_id
union all
select o.opinion_id, null, '没有流转记录'
from opinion as o
where
    o.received_on <= asked_day
    and not exists (
        from opinion_event as e where e.opinion_id = o.opinion_id and e.happened_on <= asked_day
    );

-- Visits of items to the tiers as known on a day. A visit lasts from the day the item gets there (its
-- first acceptance, or the hand-over from another tier) to the day it leaves (handed on or closed);
-- the days between a hand-over and its acceptance are the receiver's, who has it to accept. So what
-- comes in goes out or is in hand, tier by tier. Items whose events are no path are left out.
-- One row per visit; taken_on and left_on are null while the item waits, or lies, there.
create macro opinion_visits(asked_day) as table
with events as (
    select
        opinion_id,
        action,
        happened_on,
        list_position(['小区', '社区', '街道', '部门'], tier) as at_tier,
        row_number() over by_step as place,
        lead(action) over by_step as next_action,
        lead(happened_on) over by_step as next_on
    from opinion_event
    where happened_on <= asked_day
    window by_step as (partition by opinion_id order by step)
),
visits as (
    -- what was received
    select opinion_id, place, at_tier, '收件' as came_by, happened_on as came_on, happened_on as taken_on
    from events
    where place = 1
    union all
    -- what was handed on, accepted or not yet
    select
        opinion_id,
        place + 1,
        at_tier + case action when '上报' then 1 else -1 end,
        case action when '上报' then '下级上报' else '上级退回' end,
        happened_on,
        next_on
    from events
    where action in ('上报', '退回')
)
select
    v.opinion_id,
    v.place,
    (['小区', '社区', '街道', '部门'])[v.at_tier] as tier,
    v.came_by,
    v.came_on,
    v.taken_on,
    taken.next_on as left_on,
    taken.next_action as left_by
from visits as v
left join events as taken on taken.opinion_id = v.opinion_id and taken.place = v.place
where v.opinion_id not in (select b.opinion_id from opinion_flow_broken(asked_day) as b);
