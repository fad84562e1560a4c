-- Run one quantile metric for every month at once and keep the quantile of the district, of each
-- street and of each community: quantiles do not add up. One row per month and place that has
-- members. The lateral SELECT below is replaced by the metric's own, which reads the month from
-- `asked`. The quantile is the smallest value at which the summed weight reaches $share of all.
-- $over: the variant's window.

insert into filling
with members as (
    select
        asked.month,
        member.street_code,
        member.community_code,
        member.numerator::double as value,
        member.denominator::double as weight
    from asked, lateral (select * from member) as member
    where asked.over = $over and member.denominator > 0
),
placed as (
    select month, null as street_code, null as community_code, value, weight from members
    union all
    select month, street_code, null, value, weight from members where street_code is not null
    union all
    select month, street_code, community_code, value, weight
    from members
    where community_code is not null
),
steps as (
    select
        month,
        street_code,
        community_code,
        value,
        sum(sum(weight)) over (place order by value) as reached,
        sum(sum(weight)) over place as whole,
        sum(count(*)) over place as members
    from placed
    group by month, street_code, community_code, value
    window place as (partition by month, street_code, community_code)
)
select
    $metric_id,
    $variant,
    month,
    street_code,
    community_code,
    min(value),
    any_value(whole),
    any_value(members)::integer
from steps
where reached >= $share * whole * (1 - 1e-12) -- a hair below: 0.1 + 0.2 must reach 0.3
group by month, street_code, community_code
