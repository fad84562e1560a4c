-- Tell of each survey that ended what may be told, unless an earlier edition and this one together would
-- give a small count away: then the latest edition stays. All or nothing for a survey, whose cells
-- add up. Run once in a version that is being built, after the earlier editions are in.
insert into survey_told by name
with sides as (
    select told.survey_id, told.edition, o.need, o.street_codes, o.respondents, o.answers, 1 as sign
    from (select distinct survey_id, edition from survey_told) as told
    join survey_offered as o using (survey_id)
    union all
    select survey_id, edition, need, street_codes, respondents, answers, -1 as sign
    from survey_told
),
cells as (
    select
        survey_id,
        edition,
        count(*) = 2 and count(answers) <> 1 as is_alike,
        sum(sign * respondents) as more_respondents,
        coalesce(sum(sign * answers), 0) as more_answers,
        count(answers) > 0 as is_told
    from sides
    group by survey_id, edition, need, street_codes
),
editions as (
    select
        survey_id,
        edition,
        bool_and(
            is_alike
            and abs(more_respondents) not between 1 and 4
            and (not is_told or abs(more_answers) not between 1 and 4)
            and (not is_told or abs(more_respondents - more_answers) not between 1 and 4)
        ) as may_follow,
        bool_and(is_alike and more_respondents = 0 and more_answers = 0) as is_same
    from cells
    group by all
),
surveys as (
    select
        survey_id,
        max(edition) as last_edition,
        bool_and(may_follow) as may_follow,
        arg_max(is_same, edition) as is_same
    from editions
    group by survey_id
)
select
    o.survey_id,
    coalesce(s.last_edition, 0) + 1 as edition,
    o.need,
    o.area_no,
    o.street_codes,
    o.respondents,
    o.answers
from survey_offered as o
left join surveys as s using (survey_id)
where coalesce(s.may_follow and not s.is_same, true)
