-- Renovation money in scope by the end of $as_of, by source. One row per source that has any.

select
    i.source,
    count(distinct i.project_id)::integer as projects,
    sum(i.planned_yuan)::bigint as planned_yuan,
    sum(i.allocated_yuan)::bigint as allocated_yuan,
    sum(i.paid_yuan)::bigint as paid_yuan
from investment as i
join renovation_project as p using (project_id)
join community as c on c.community_code = p.community_code
where
    i.month <= $as_of
    and (len($streets::varchar[]) = 0 or list_contains($streets::varchar[], c.street_code))
    and ($community::varchar is null or c.community_code = $community::varchar)
group by i.source
order by list_position(['中央', '省', '市', '区', '社会', '居民'], i.source)
