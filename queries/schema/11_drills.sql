-- What drills (月拉练、年考评) go by: the metrics of the board with their weights, the cohorts of the
-- year, and the drills that were held, each with all that it takes to compute it again.

create table board_metric (
    entry_id varchar primary key,
    year integer not null check (year between 2000 and 2100),
    board varchar not null check (board in ('月拉练', '年考评')),
    metric_id varchar not null,
    weight double not null check (weight between 0 and 100),
    floor double not null,
    target double not null,
    noise varchar not null check (noise in ('办件', '存量')),
    source_id varchar not null,
    source_row integer not null,
    unique (year, board, metric_id),
    check (target != floor),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table board_metric is '赛马榜的指标：权重、零分线、满分线，一年一定';
comment on column board_metric.noise is '办件＝一件一件办，有偶然；存量＝全数清点，没有偶然';

create table cohort (
    cohort_id varchar primary key,
    year integer not null check (year between 2000 and 2100),
    community_code varchar not null references community (community_code),
    cohort varchar not null,
    basis varchar not null,
    declared_on date not null,
    source_id varchar not null,
    source_row integer not null,
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table cohort is '社区的赛马分组：同一年里只与同组的比，年内不改';

create table drill_event (
    drill_id varchar primary key,
    board varchar not null check (board in ('月拉练', '年考评')),
    month date not null check (day(month) = 1),
    held_on date not null,
    seed integer not null check (seed between 0 and 2147483647),
    weights varchar not null,
    cohort_year integer not null check (cohort_year between 2000 and 2100),
    version_id varchar,
    result_digest varchar,
    source_id varchar not null,
    source_row integer not null,
    unique (board, month, held_on),
    foreign key (source_id, source_row) references source_row (source_id, row_no)
);
comment on table drill_event is '拉练：统计月份、权重、种子、数据版本，据此可以重算';

-- Why a metric may be on no board; null where it may. What is scored is what was done for residents:
-- how often somebody logged in or filled in a form, whose brand or case was named, what the press
-- wrote, what leaders remarked or who passed a 创建 scores nobody, by whatever table it is counted from.
create macro board_refusal(metric_name, kind, direction, sql_text) as
    case
        when
            regexp_matches(
                sql_text,
                '\b(brand|award|bulletin|training|activity|demo_site|source_file|source_row|check_result)\b'
            )
            or regexp_matches(
                metric_name,
                '登录|登陆|打卡|签到|在线时长|点击|阅读|积分|填报|报表|表格|台账条数|批示|媒体|宣传|报道|稿|信息采用|品牌|案例|经验|示范|创建|创评|获奖|表彰'
            )
            then '登录、填报、品牌、示范创建、宣传一类不得进入评比'
        when kind != 'ratio' then '不是比率，大小不同的地方不能比'
        when direction = 'none' then '没有好坏之分，不评高低'
    end;

-- The cohort of each community in each year: the one that was declared first holds for the year.
create view cohort_of_year as
select
    year,
    community_code,
    arg_min(cohort, (declared_on, cohort_id)) as cohort,
    arg_min(basis, (declared_on, cohort_id)) as basis
from cohort
group by year, community_code;
comment on view cohort_of_year is '各社区各年度的分组：以最先公布的为准，年内不改';
