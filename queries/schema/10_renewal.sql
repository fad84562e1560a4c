-- Lifts added to old buildings and the consent they need; the checklist of the complete
-- community; what the community fund's projects delivered. Then the three readings of these
-- and of the renovation ledgers that metrics, attention and pages share, each said once.

create table consent_rule (
    rule_id varchar primary key,
    rule_name varchar not null,
    valid_from date not null,
    valid_to date check (valid_to > valid_from),
    start_households integer check (start_households >= 1),
    join_households_part integer not null check (join_households_part >= 1),
    join_households_whole integer not null check (join_households_whole >= 1),
    join_area_part integer not null check (join_area_part >= 1),
    join_area_whole integer not null check (join_area_whole >= 1),
    agree_households_part integer not null check (agree_households_part >= 1),
    agree_households_whole integer not null check (agree_households_whole >= 1),
    agree_area_part integer not null check (agree_area_part >= 1),
    agree_area_whole integer not null check (agree_area_whole >= 1),
    subsidy_cap_yuan bigint check (subsidy_cap_yuan >= 0),
    basis varchar not null,
    mark varchar not null check (mark in ('公开出处', '转载', '凭记忆', '未查到')),
    source_id varchar not null,
    source_row integer not null,
    check (join_households_part <= join_households_whole),
    check (join_area_part <= join_area_whole),
    check (agree_households_part <= agree_households_whole),
    check (agree_area_part <= agree_area_whole),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table consent_rule is '加梯表决规则：人数与面积的参与比例、同意比例，按施行日期';
comment on column consent_rule.join_households_part is '参与表决人数比例的分子（三分之二的二）';
comment on column consent_rule.agree_households_part is '参与表决者中同意人数比例的分子';

create table elevator (
    elevator_id varchar primary key,
    elevator_name varchar not null,
    building_id varchar not null references building (building_id),
    households integer not null check (households >= 1),
    area_m2 double not null check (area_m2 > 0),
    applied_on date not null,
    approved_on date,
    started_on date,
    in_use_on date,
    cost_yuan bigint check (cost_yuan >= 0),
    subsidy_yuan bigint check (subsidy_yuan >= 0),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table elevator is '既有住宅加装电梯：一部一行';
comment on column elevator.households is '有权表决的户数（户）';
comment on column elevator.area_m2 is '有权表决的专有部分面积（平方米）';

create table elevator_consent (
    elevator_id varchar not null references elevator (elevator_id),
    counted_on date not null,
    voted_households integer not null check (voted_households >= 0),
    agreed_households integer not null check (agreed_households >= 0),
    voted_m2 double not null check (voted_m2 >= 0),
    agreed_m2 double not null check (agreed_m2 >= 0),
    source_id varchar not null,
    source_row integer not null,
    primary key (elevator_id, counted_on),
    check (agreed_households <= voted_households),
    check (agreed_m2 <= voted_m2),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table elevator_consent is '加梯征询：每次计票的参与与同意户数、面积，只记数不记人';

create table full_community_item (
    item_id varchar primary key,
    dimension varchar not null check (dimension in ('完整社区', '幸福社区', '文明社区', '平安社区')),
    domain varchar not null,
    item_name varchar not null,
    standard varchar not null,
    threshold double check (threshold >= 0),
    unit varchar,
    mark varchar not null check (mark in ('公开出处', '转载', '凭记忆', '未查到')),
    basis varchar not null,
    source_id varchar not null,
    source_row integer not null,
    unique (dimension, item_name),
    check ((threshold is null) = (unit is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table full_community_item is '“四创”清单条目字典：标准、出处与可信程度，可配置';

create table full_community_check (
    check_id varchar primary key,
    community_code varchar not null references community (community_code),
    item_id varchar not null references full_community_item (item_id),
    result varchar not null check (result in ('达标', '未达标', '不适用')),
    measured double check (measured >= 0),
    checked_on date not null,
    source_id varchar not null,
    source_row integer not null,
    unique (community_code, item_id, checked_on),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table full_community_check is '“四创”清单核查：一个社区一个条目一次核查一行';

create table fund_project (
    project_id varchar primary key,
    project_name varchar not null,
    community_code varchar not null references community (community_code),
    theme varchar not null check (theme in ('一老一小', '社区公益', '邻里关照')),
    element varchar not null check (element in ('社区', '社会工作者', '社区社会组织', '社区志愿者', '社区公益慈善资源')),
    planned_yuan bigint not null check (planned_yuan >= 0),
    started_on date not null,
    due_on date not null,
    delivered_on date,
    deliverable varchar,
    served integer check (served >= 0),
    source_id varchar not null,
    source_row integer not null,
    check (due_on >= started_on),
    check (delivered_on >= started_on),
    check ((delivered_on is null) = (deliverable is null)),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table fund_project is '社区基金项目：计划、期限与交付物';
comment on column fund_project.served is '服务人次';

create table fund_project_entry (
    entry_id varchar primary key references fund_entry (entry_id),
    project_id varchar not null references fund_project (project_id),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table fund_project_entry is '社区基金支出属于哪个项目';

-- Whether each project has reached a milestone (开工, 完工, 验收) by a day, with the years of its plan
-- and, if not, why. One row per project.
create macro renovation_milestone(asked_day, asked_milestone) as table
select
    p.project_id,
    p.project_name,
    c.street_code,
    p.community_code,
    p.plan_year,
    p.households,
    coalesce(s.actual_on <= asked_day, false) as is_reached,
    case
        when coalesce(s.actual_on > asked_day, true)
            then '未' || asked_milestone || coalesce('，计划' || s.planned_on, '')
    end as reason
from renovation_project as p
join community as c using (community_code)
left join renovation_step as k on k.milestone = asked_milestone
left join renovation_stage as s on s.project_id = p.project_id and s.stage = k.stage;

-- When projects of other streets reached their stages, where the version has one street's rows alone
-- (chunshui/pipeline/narrow.py; empty else): projects are judged by what others took. Nameless.
create table renovation_elsewhere (
    project_no integer not null check (project_no >= 1),
    category varchar not null,
    plan_year integer not null,
    households integer not null,
    stage varchar not null references renovation_step (stage),
    actual_on date,
    primary key (project_no, stage)
);
comment on table renovation_elsewhere is '别的街道的项目到达各阶段的日期：不含名称和地点，只供比较用时';

-- Where each project stands on a day: its furthest stage, how long it has been there, and how
-- long nine in ten of its cohort take from that stage on, by Kaplan-Meier as the forecast reckons
-- (chunshui/renewal/forecast.py): a project still at the stage counts as one that takes longer than
-- it has waited so far. It leaves a stage on the first day it reaches any later one; a stay whose
-- dates run backwards is not counted. The cohort is the other projects of the same category, or of
-- all categories where fewer than `fewest` of the same have moved on. `usual_days` is missing where
-- too few have moved on even so (`cohort_size` is missing too), or where so many still wait that the
-- share is not reached. One row per project that has passed a stage.
create macro renovation_waiting(asked_day, asked_share, fewest) as table
with steps as (
    select
        stage,
        row_number() over (order by position) as step,
        count(*) over () as steps
    from renovation_step
),
dates as (
    select s.project_id, p.category, s.stage, s.actual_on
    from renovation_stage as s
    join renovation_project as p on p.project_id = s.project_id
    union all
    select '～' || e.project_no, e.category, e.stage, e.actual_on
    from renovation_elsewhere as e
),
passed as (
    select dates.project_id, dates.category, steps.step, steps.steps, dates.stage, dates.actual_on
    from dates
    join steps on steps.stage = dates.stage
    where dates.actual_on <= asked_day
),
stood as (
    select
        *,
        lead(step) over project_steps is null as is_furthest,
        min(actual_on) over (
            partition by project_id order by step
            rows between 1 following and unbounded following
        ) as left_on
    from passed
    window project_steps as (partition by project_id order by step)
),
stays as (
    select
        category,
        step,
        coalesce(left_on, asked_day) - actual_on as days,
        (left_on is not null)::integer as has_left
    from stood
    where step < steps and coalesce(left_on, asked_day) >= actual_on
),
by_days as (
    select
        category,
        step,
        days,
        sum(has_left) as moved,
        sum(count(*)) over (partition by category, step order by days desc) as still_there
    from stays
    group by grouping sets ((category, step, days), (step, days))
),
cohorts as (
    select
        category,
        step,
        sum(moved) as moved,
        max(still_there) - 1 as others
    from by_days
    group by category, step
),
compared as (
    select
        stood.*,
        asked_day - stood.actual_on as waited_days,
        case when alike.moved >= fewest then stood.category end as cohort_category,
        case
            when alike.moved >= fewest then alike.others
            when anyone.moved >= fewest then anyone.others
        end as cohort_size
    from stood
    left join cohorts as alike on alike.step = stood.step and alike.category = stood.category
    left join cohorts as anyone on anyone.step = stood.step and anyone.category is null
    where stood.is_furthest
),
-- The project itself is no part of what it is compared with: it is one less of those still there.
waiting as (
    select
        c.project_id,
        d.days,
        product(1 - d.moved / (d.still_there - (d.days <= c.waited_days)::integer))
            over (partition by c.project_id order by d.days) as share
    from compared as c
    join by_days as d on d.step = c.step and d.category is not distinct from c.cohort_category
    where d.moved > 0 and c.cohort_size is not null
),
usual as (
    select project_id, min(days) as days
    from waiting
    where share <= 1 - asked_share + 1e-12
    group by project_id
)
select
    c.project_id,
    c.step,
    c.stage,
    c.actual_on as since_on,
    c.step = c.steps as is_over,
    c.waited_days,
    usual.days as usual_days,
    c.cohort_size,
    c.cohort_category,
    coalesce(c.waited_days > usual.days, false) as is_stalled
from compared as c
left join usual on usual.project_id = c.project_id;

-- Each lift applied for by a day, its last count of consent and what the rule in force on that
-- day still asks. `short_households` is the fewest households that must yet say yes, whether they
-- have not voted or voted no; `short_m2` is the same in area; both are
-- missing where no rule is in force. One row per lift.
create macro elevator_standing(asked_day) as table
with counted as (
    select *
    from elevator_consent
    where counted_on <= asked_day
    qualify row_number() over (partition by elevator_id order by counted_on desc) = 1
),
asked_of as (
    select
        e.elevator_id,
        e.elevator_name,
        e.building_id,
        e.households,
        e.area_m2,
        e.applied_on,
        e.cost_yuan,
        e.subsidy_yuan,
        case when e.approved_on <= asked_day then e.approved_on end as approved_on,
        case when e.started_on <= asked_day then e.started_on end as started_on,
        case when e.in_use_on <= asked_day then e.in_use_on end as in_use_on,
        counted.counted_on,
        coalesce(counted.voted_households, 0) as voted_households,
        coalesce(counted.agreed_households, 0) as agreed_households,
        coalesce(counted.voted_m2, 0) as voted_m2,
        coalesce(counted.agreed_m2, 0) as agreed_m2,
        r.rule_id,
        r.rule_name,
        greatest(
            (e.households * r.join_households_part + r.join_households_whole - 1)
            // r.join_households_whole - coalesce(counted.voted_households, 0),
            0
        ) as unjoined_households,
        greatest(
            e.area_m2 * r.join_area_part / r.join_area_whole - coalesce(counted.voted_m2, 0), 0
        ) as unjoined_m2,
        r.agree_households_part,
        r.agree_households_whole,
        r.agree_area_part,
        r.agree_area_whole
    from elevator as e
    left join counted on counted.elevator_id = e.elevator_id
    left join consent_rule as r
        on r.valid_from <= asked_day and coalesce(r.valid_to > asked_day, true)
    where e.applied_on <= asked_day
),
lacking as (
    select
        * exclude (
            agree_households_part, agree_households_whole, agree_area_part, agree_area_whole
        ),
        case when rule_id is not null then greatest(
            unjoined_households,
            (
                (voted_households + unjoined_households) * agree_households_part
                + agree_households_whole - 1
            ) // agree_households_whole - agreed_households
        ) end as short_households,
        case when rule_id is not null then greatest(
            unjoined_m2,
            (voted_m2 + unjoined_m2) * agree_area_part / agree_area_whole - agreed_m2
        ) end as short_m2
    from asked_of
)
select
    *,
    coalesce(short_households = 0 and short_m2 < 0.005, false) as has_consent,
    case
        when in_use_on is not null then '投用'
        when started_on is not null then '施工'
        when approved_on is not null then '已审批'
        when short_households = 0 and short_m2 < 0.005 then '同意达标'
        else '征询中'
    end as standing
from lacking;

-- The last result of every item of the checklist by a day in every community that is in the register
-- on that day. One row per community and item that was ever checked.
create macro full_community_standing(asked_day) as table
select k.*
from full_community_check as k
join community as c on c.community_code = k.community_code
where
    k.checked_on <= asked_day
    and c.valid_from <= asked_day
    and coalesce(c.valid_to > asked_day, true)
qualify row_number() over (
    partition by k.community_code, k.item_id order by k.checked_on desc, k.check_id desc
) = 1;

-- The communities of the register that have a demonstration site on a day. One row per community.
create macro demo_communities(asked_day) as table
select distinct d.community_code
from demo_site as d
join community as c on c.community_code = d.community_code
where
    d.named_on <= asked_day
    and c.valid_from <= asked_day
    and coalesce(least(d.revoked_on, c.valid_to) > asked_day, true);
