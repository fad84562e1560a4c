-- Renovation money in scope, planned, allocated and paid. One row per month.

select
    i.month,
    sum(i.planned_yuan)::bigint as planned_yuan,
    sum(i.allocated_yuan)::bigint as allocated_yuan,
    sum(i.paid_yuan)::bigint as paid_yuan
from investment as i
join renovation_project as p using (project_id)
join community as c on c.community_code = p.community_code
where
        (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
group by i.month
order by i.month
