/*
id = "lifts_one_short"
kind = "加装电梯只差一户"
title = "{elevator_name}征询{short}"
severity = "关注"
page = "renovation"
template = "{asked}；{area}。楼内60岁及以上居民{older:人}，申请已{days:天}。"
ask = "做好{elevator_name}的意见征询（{short}）"
link = { part = "加装电梯", metric = "lifts_one_short", street = "{street_name}", community = "{community_name}" }
*/
with near as (
    select
        e.*,
        e.voted_households + e.unjoined_households as join_households,
        (
            (e.voted_households + e.unjoined_households) * r.agree_households_part
            + r.agree_households_whole - 1
        ) // r.agree_households_whole as due_households,
        e.voted_m2 + e.unjoined_m2 as join_m2,
        (e.voted_m2 + e.unjoined_m2) * r.agree_area_part / r.agree_area_whole as due_m2
    from elevator_standing($as_of) as e
    join consent_rule as r using (rule_id)
    where e.standing = '征询中' and e.short_households = 1
)
select
    e.elevator_name,
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    e.households,
    -- One household more is enough where it may bring the area that is lacking too.
    case
        when e.short_m2 <= e.area_m2 / e.households then '只差一户'
        -- As a reader takes one area from the other below.
        else '户数差一户、面积尚差' || format(
                '{:,.1f}',
                case
                    when e.unjoined_m2 > e.due_m2 - e.agreed_m2
                        then ceil(round(10 * e.join_m2, 3)) - floor(round(10 * e.voted_m2, 3))
                    else ceil(round(10 * e.due_m2, 3)) - floor(round(10 * e.agreed_m2, 3))
                end / 10
            ) || '平方米'
    end as short,
    e.households || '户中' || e.voted_households || '户已参与表决，按规定须' || case
        when e.unjoined_households > 0
            then e.join_households || '户参与、其中' || e.due_households
        else e.due_households || ''
    end || '户同意，已有' || e.agreed_households || '户同意' as asked,
    -- What is asked is rounded up and what there is down: short by little is still short.
    case
        when e.short_m2 < 0.005 then '面积已达到要求'
        when e.unjoined_m2 > e.due_m2 - e.agreed_m2
            then format(
                    '参与表决的面积须达{:,.1f}平方米，已有{:,.1f}平方米',
                    ceil(round(10 * e.join_m2, 3)) / 10,
                    floor(round(10 * e.voted_m2, 3)) / 10
                )
        else format(
                '同意的面积须达{:,.1f}平方米，已有{:,.1f}平方米',
                ceil(round(10 * e.due_m2, 3)) / 10,
                floor(round(10 * e.agreed_m2, 3)) / 10
            )
    end as area,
    b.residents_60 as older,
    $as_of - e.applied_on as days,
    $as_of - e.applied_on as weight
from near as e
join building as b using (building_id)
join community as c using (community_code)
join street as s on s.street_code = c.street_code
