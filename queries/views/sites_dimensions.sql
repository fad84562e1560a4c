-- The four dimensions of the checklist in each community by the end of $as_of: items met
-- of those that apply, and whether a demonstration site is there. One row per community.

with counted as (
    select
        k.community_code,
        i.dimension,
        count(*) filter (k.result = '达标')::integer as met,
        count(*) filter (k.result <> '不适用')::integer as applicable
    from full_community_standing($as_of) as k
    join full_community_item as i using (item_id)
    group by k.community_code, i.dimension
)
select
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    shown.community_code is not null as is_demo,
    max(n.met) filter (n.dimension = '完整社区') as complete_met,
    max(n.applicable) filter (n.dimension = '完整社区') as complete_applicable,
    max(n.met) filter (n.dimension = '幸福社区') as happy_met,
    max(n.applicable) filter (n.dimension = '幸福社区') as happy_applicable,
    max(n.met) filter (n.dimension = '文明社区') as civil_met,
    max(n.applicable) filter (n.dimension = '文明社区') as civil_applicable,
    max(n.met) filter (n.dimension = '平安社区') as safe_met,
    max(n.applicable) filter (n.dimension = '平安社区') as safe_applicable,
    sum(n.applicable - n.met)::integer as lacking_items
from community as c
join street as s on s.street_code = c.street_code
left join counted as n on n.community_code = c.community_code
left join demo_communities($as_of) as shown on shown.community_code = c.community_code
where c.valid_from <= $as_of and coalesce(c.valid_to > $as_of, true)
group by all
order by lacking_items desc nulls first, c.community_code
