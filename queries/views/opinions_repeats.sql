-- Items received from $window_start to $as_of that their ledger links to an earlier one, with the
-- neighbourhood they are about and their ledger row. One row per item, the latest first.

select
    o.opinion_id,
    o.repeat_of,
    o.category,
    o.channel,
    o.received_on,
    case when o.closed_on <= $as_of then o.closed_on end as closed_on,
    o.neighbourhood_id,
    n.neighbourhood_name,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name,
    f.file_name,
    f.sheet_name,
    o.source_row
from opinion as o
left join neighbourhood as n using (neighbourhood_id)
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = o.source_id
where o.repeat_of is not null and o.received_on between $window_start and $as_of
order by o.received_on desc, o.opinion_id desc
