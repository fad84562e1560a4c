/*
id = "communities_without_station"
kind = "社区没有社区级阵地"
title = "{community_name}没有社区级阵地"
severity = "关注"
page = "dictionary"
template = "月末没有社区级阵地开放，涉及{households:户}。"
ask = "落实{community_name}社区级阵地（月末没有开放的，涉及{households:户}）"
link = { metric = "community_station_rate", street = "{street_name}", community = "{community_name}" }
*/
with homes as (
    select community_code, sum(households) as households
    from building
    group by community_code
)
select
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    coalesce(homes.households, 0) as households,
    coalesce(homes.households, 0) as weight
from community as c
join street as s using (street_code)
left join homes using (community_code)
where
    c.valid_from <= $as_of
    and coalesce(c.valid_to > $as_of, true)
    and not exists (
        select 1
        from station as st
        where
            st.community_code = c.community_code
            and st.level = '社区'
            and st.opened_on <= $as_of
            and coalesce(st.closed_on > $as_of, true)
    )
