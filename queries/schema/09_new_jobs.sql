-- People in new kinds of work: posts they fill, meals they deliver, what they need. Counts only.

create table new_job_role (
    post_id varchar primary key,
    role varchar not null check (role in ('街坊主播', '小巷顾问', '兼职管家', '网格助理', '一线监理')),
    community_code varchar not null references community (community_code),
    grid_id varchar references grid_unit (grid_id),
    filled_on date not null,
    vacated_on date check (vacated_on > filled_on),
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table new_job_role is '新就业群体担任的五类岗位，一任一行，不记姓名';

create table meal_exchange (
    station_id varchar not null references station (station_id),
    month date not null check (day(month) = 1),
    deliveries integer not null check (deliveries >= 0),
    discounted integer not null check (discounted >= 0),
    elders integer not null check (elders >= 0),
    source_id varchar not null,
    source_row integer not null,
    primary key (station_id, month),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table meal_exchange is '送餐换平价餐：按食堂、按月的单数与份数，不记个人';

create table survey_need (
    answer_id varchar primary key,
    survey_id varchar not null,
    asked_from date not null,
    asked_to date not null check (asked_to >= asked_from),
    mode varchar not null check (mode in ('线上', '走访', '座谈')),
    street_code varchar references street (street_code),
    need varchar not null,
    answers integer not null check (answers >= 0),
    respondents integer not null check (respondents >= 1),
    source_id varchar not null,
    source_row integer not null,
    unique (survey_id, street_code, need),
    check (answers <= respondents),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table survey_need is '需求调查的次数；未经合并，页面、导出只取 survey_shown';

-- What may be told of a survey. A count of 1 to 4 of a street could point at someone, and so could all
-- but 1 to 4 of its answers. Streets asked fewer than a hundred times are told together, two at least.
-- Of a need with a small count in any of the streets only the whole is told: so nothing can be worked
-- out by subtraction, whoever knows this rule (any small count leads to the same page). Where each was
-- to choose so many needs and all but a few did, a street's needs add up to its answers, and what is
-- hidden of one is the rest of the others: there one small count leaves the whole of every need, and
-- a small whole leaves nothing.
create macro survey_small(answers, respondents) as (
    answers between 1 and 4 or respondents - answers between 1 and 4
);

create view survey_area as
with asked as (
    select survey_id, coalesce(street_code, '') as street_code, max(respondents) as respondents
    from survey_need
    group by all
),
placed as (
    select
        *,
        row_number() over least_first as place,
        sum(respondents) over least_first as up_to,
        count(*) filter (respondents < 100) over (partition by survey_id) as few
    from asked
    window least_first as (
        partition by survey_id order by respondents, street_code rows unbounded preceding
    )
),
merged as (
    select
        survey_id,
        case
            when max(few) > 0
                then greatest(
                    max(few),
                    coalesce(min(place) filter (place >= 2 and up_to >= 100), count(*))
                )
            else 0
        end as places
    from placed
    group by survey_id
)
select
    placed.survey_id,
    placed.street_code,
    placed.respondents,
    case when placed.place > merged.places then placed.place else 0 end as area_no
from placed
join merged using (survey_id);
comment on view survey_area is '需求调查里哪些街道合并公布（area_no 为0的合在一起）';

create view survey_released as
with areas as (
    select survey_id, area_no, sum(respondents) as respondents
    from survey_area
    group by all
),
cells as (
    select a.survey_id, n.need, a.area_no, sum(n.answers) as answers
    from survey_need as n
    join survey_area as a
        on a.survey_id = n.survey_id and a.street_code = coalesce(n.street_code, '')
    group by all
),
every as (
    select
        needs.survey_id,
        needs.need,
        areas.area_no,
        areas.respondents,
        coalesce(cells.answers, 0) as answers,
        bool_or(survey_small(coalesce(cells.answers, 0), areas.respondents)) over (
            partition by needs.survey_id, needs.need
        ) as is_whole_only
    from (select distinct survey_id, need from survey_need) as needs
    join areas on areas.survey_id = needs.survey_id
    left join cells
        on cells.survey_id = needs.survey_id
        and cells.need = needs.need
        and cells.area_no = areas.area_no
),
wholes as (
    select
        survey_id,
        need,
        sum(respondents) as respondents,
        sum(answers) as answers,
        bool_or(is_whole_only) as is_whole_only,
        survey_small(sum(answers), sum(respondents)) as is_hidden
    from every
    group by all
),
surveys as (
    select
        survey_id,
        bool_or(is_whole_only) as any_whole_only,
        bool_or(is_hidden) as any_hidden,
        -- What lacks to so many choices of each.
        (any_value(respondents) - sum(answers) % any_value(respondents)) % any_value(respondents) < 5 as adds_up
    from wholes
    group by survey_id
)
select
    every.survey_id,
    every.need,
    every.area_no,
    every.respondents::integer as respondents,
    case
        when not (every.is_whole_only or surveys.adds_up and surveys.any_whole_only) then every.answers
    end::integer as answers
from every
join surveys on surveys.survey_id = every.survey_id
union all
select
    wholes.survey_id,
    wholes.need,
    null as area_no,
    wholes.respondents::integer as respondents,
    case
        when not (wholes.is_hidden or surveys.adds_up and surveys.any_hidden) then wholes.answers
    end::integer as answers
from wholes
join surveys on surveys.survey_id = wholes.survey_id;
comment on view survey_released is '需求调查只看本版台账可以公布的次数：area_no 为空的是全区；不公布的为空';

create view survey_offered as
with areas as (
    select survey_id, area_no, list(street_code order by street_code) as street_codes
    from survey_area
    group by all
),
ended as (
    select survey_id
    from survey_need
    group by survey_id
    having max(asked_to) <= (select max(month_end) from month)
)
select
    r.survey_id,
    r.need,
    r.area_no,
    coalesce(areas.street_codes, []) as street_codes,
    r.respondents,
    r.answers
from survey_released as r
join ended using (survey_id)
left join areas on areas.survey_id = r.survey_id and areas.area_no = r.area_no;
comment on view survey_offered is '已结束的需求调查按本版台账可以公布的次数';

-- What was told of a survey stays known: from a version or a material of before and this one, a later
-- count could be worked out as a difference of 1 to 4. So a version keeps all that was ever told of
-- each survey, edition by edition, and tells a new edition only where it differs from every earlier
-- one, in every count and in what is left of it, by nothing or by five and more
-- (queries/warehouse/survey_tell.sql, run once at publish).
create table survey_told (
    survey_id varchar not null,
    edition integer not null check (edition >= 1),
    need varchar not null,
    area_no integer,
    street_codes varchar[] not null,
    respondents integer not null,
    answers integer
);
comment on table survey_told is '需求调查历次公布的次数，一次一版；后一版与之前各版的差不是0就是5以上';

create view survey_shown as
select *
from survey_told
qualify edition = max(edition) over (partition by survey_id);
comment on view survey_shown is '需求调查公布的次数：area_no 为空的是全区；不公布的为空';
