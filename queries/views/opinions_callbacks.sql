-- Items closed or called about from $window_start to $as_of: whether a callback reached anybody, and
-- whether he called the matter solved and was satisfied. The answers are null where there is none.
-- One row per item.

select
    o.opinion_id,
    o.closed_on between $window_start and $as_of as is_closed,
    b.opinion_id is not null as is_called,
    coalesce(b.is_reached, false) as is_reached,
    b.is_solved,
    b.is_satisfied,
    c.street_code,
    s.street_name,
    o.community_code,
    c.community_name
from opinion as o
left join opinion_callback as b
    on b.opinion_id = o.opinion_id and b.called_on between $window_start and $as_of
join community as c on c.community_code = o.community_code
join street as s on s.street_code = c.street_code
where (o.closed_on between $window_start and $as_of) or b.opinion_id is not null
order by o.opinion_id
