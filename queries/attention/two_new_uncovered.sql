/*
id = "two_new_uncovered"
kind = "两新组织久未覆盖"
title = "{place_name}两新组织久未覆盖"
severity = "提示"
page = "dictionary"
template = "{orgs:家}成立满一年的两新组织至今既无党组织、也无工作覆盖，占运营中两新组织的{rate:%}。"
ask = "推动{place_name}成立满一年仍未覆盖的{orgs:家}两新组织实现党组织或工作覆盖"
link = { metric = "two_new_coverage", street = "{street_name}", community = "{community_name}" }

[params]
months = 12
*/
with open_orgs as (
    select
        c.street_code,
        s.street_name,
        c.community_code,
        c.community_name,
        coalesce(o.covered_on > $as_of, true)
        and o.opened_on <= $as_of - to_months($months) as uncovered
    from two_new_org as o
    join community as c using (community_code)
    join street as s on s.street_code = c.street_code
    where o.opened_on <= $as_of and coalesce(o.closed_on > $as_of, true)
)
select
    street_code,
    street_name,
    community_code,
    community_name,
    grouping(community_code) = 0 as narrow,
    coalesce(community_name, street_name) as place_name,
    count(*) filter (uncovered) as orgs,
    figure_value('ratio', count(*) filter (uncovered), count(*), 100) as rate,
    count(*) filter (uncovered) as weight
from open_orgs
group by grouping sets (
    (street_code, street_name),
    (street_code, street_name, community_code, community_name)
)
having count(*) filter (uncovered) > 0
