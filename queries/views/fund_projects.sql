-- Projects of the community fund begun by the end of $as_of: what was paid, what was
-- delivered, and how late what was not. The longest overdue first. One row per project.

with paid as (
    select l.project_id, count(*) as entries, sum(f.amount_yuan) as yuan
    from fund_project_entry as l
    join fund_entry as f using (entry_id)
    where f.direction = '支出' and f.booked_on <= $as_of
    group by l.project_id
)
select
    p.project_id,
    p.project_name,
    c.street_code,
    s.street_name,
    c.community_code,
    c.community_name,
    p.theme,
    p.element,
    p.planned_yuan,
    coalesce(paid.yuan, 0)::bigint as spent_yuan,
    p.due_on,
    case when p.delivered_on <= $as_of then p.delivered_on end as delivered_on,
    case when p.delivered_on <= $as_of then p.deliverable end as deliverable,
    case when p.delivered_on <= $as_of then p.served end as served,
    case
        when p.delivered_on <= $as_of and p.delivered_on <= p.due_on then '按期交付'
        when p.delivered_on <= $as_of then '逾期交付'
        when is_overdue(p.due_on, p.delivered_on, $as_of) then '到期未交付'
        else '进行中'
    end as delivery,
    case when is_overdue(p.due_on, p.delivered_on, $as_of) then ($as_of - p.due_on)::integer end
        as overdue_days,
    f.file_name,
    f.sheet_name,
    p.source_row
from fund_project as p
join community as c on c.community_code = p.community_code
join street as s on s.street_code = c.street_code
join source_file as f on f.source_id = p.source_id
left join paid using (project_id)
where p.started_on <= $as_of
order by overdue_days desc nulls last, p.due_on desc, p.project_id
