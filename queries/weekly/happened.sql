-- What happened, or was due, from $window_start to the end of the week after that of $as_of, as known
-- on that day: one row per matter
-- and thing, with the day, what it is, what to add, whether what was due is done, how many took part
-- (were invited), and the ledger row. A post is vacated where nobody else holds it on that day, and
-- filled where nobody held it the day before; a grid that was merged has no posts.

with post as (
    select
        p.*,
        exists (
            from grid_post as o
            where
                o.grid_id = p.grid_id
                and o.role_id = p.role_id
                and o.post_id <> p.post_id
                and o.filled_on <= p.vacated_on
                and coalesce(o.vacated_on > p.vacated_on, true)
        ) as was_taken_over,
        exists (
            from grid_post as o
            where
                o.grid_id = p.grid_id
                and o.role_id = p.role_id
                and o.post_id <> p.post_id
                and o.filled_on < p.filled_on
                and coalesce(o.vacated_on >= p.filled_on, true)
        ) as was_held
    from grid_post as p
    where p.filled_on between $window_start and date_trunc('week', $as_of)::date + 13 or p.vacated_on between $window_start and date_trunc('week', $as_of)::date + 13
),
happened as (
    select
        'received' as matter,
        received_on as day,
        'opinion' as entity_table,
        opinion_id as entity_id,
        category as thing,
        channel as detail,
        null::boolean as is_done,
        null::integer as took_part,
        null::integer as invited,
        null::varchar as street_code,
        community_code,
        source_id,
        source_row
    from opinion
    where received_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select 'closed', closed_on, 'opinion', opinion_id, category, closed_tier || '办结', null, null, null, null, community_code, source_id, source_row
    from opinion
    where closed_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select
        'overdue', due_on, 'opinion', opinion_id, category, received_on || '收', coalesce(closed_on <= $as_of, false), null,
        null, null, community_code, source_id, source_row
    from opinion
    where due_on between $window_start and date_trunc('week', $as_of)::date + 13 and due_on <= $as_of and coalesce(closed_on > due_on, true)
    union all
    select 'vacated', p.vacated_on, 'grid_post', p.post_id, g.grid_name, r.role_name, null, null, null, null, g.community_code, p.source_id, p.source_row
    from post as p
    join grid_unit as g using (grid_id)
    join grid_role as r using (role_id)
    where
        p.vacated_on between $window_start and date_trunc('week', $as_of)::date + 13
        and not p.was_taken_over
        and coalesce(g.merged_on > p.vacated_on, true)
    union all
    select 'filled', p.filled_on, 'grid_post', p.post_id, g.grid_name, r.role_name, null, null, null, null, g.community_code, p.source_id, p.source_row
    from post as p
    join grid_unit as g using (grid_id)
    join grid_role as r using (role_id)
    where p.filled_on between $window_start and date_trunc('week', $as_of)::date + 13 and not p.was_held
    union all
    select 'posted', posted_on, 'challenge', challenge_id, title, posted_by, null, null, null, street_code, community_code, source_id, source_row
    from challenge
    where posted_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select
        'claimed', claimed_on, 'challenge', challenge_id, title, mode || '：' || claimed_by, null, null, null, street_code,
        community_code, source_id, source_row
    from challenge
    where claimed_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select
        'challenge_due', due_on, 'challenge', challenge_id, title, claimed_by, coalesce(done_on <= $as_of, false), null, null,
        street_code, community_code, source_id, source_row
    from challenge
    where due_on between $window_start and date_trunc('week', $as_of)::date + 13 and claimed_on <= $as_of
    union all
    select
        'milestone_due', t.planned_on, 'renovation_stage', t.project_id || '·' || t.stage, p.project_name, t.stage,
        coalesce(t.actual_on <= $as_of, false), null, null, null, p.community_code, t.source_id, t.source_row
    from renovation_stage as t
    join renovation_step as k on k.stage = t.stage and k.milestone is not null
    join renovation_project as p on p.project_id = t.project_id
    where t.planned_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select
        'milestone_due', planned_on, 'action_task', task_id, action || '：' || title, '行动任务',
        coalesce(done_on <= $as_of, false), null, null, null, null, source_id, source_row
    from action_task
    where planned_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select 'activity', held_on, 'activity', activity_id, title, kind, null, attendees, null, street_code, community_code, source_id, source_row
    from activity
    where held_on between $window_start and date_trunc('week', $as_of)::date + 13
    union all
    select 'training', held_on, 'training', training_id, topic, level || '级', null, attended, invited, street_code, null, source_id, source_row
    from training
    where held_on between $window_start and date_trunc('week', $as_of)::date + 13
)
select
    h.matter,
    h.day,
    h.entity_table,
    h.entity_id,
    h.thing,
    h.detail,
    h.is_done,
    h.took_part,
    h.invited,
    coalesce(h.street_code, c.street_code) as street_code,
    s.street_name,
    h.community_code,
    c.community_name,
    f.file_name,
    f.sheet_name,
    h.source_row
from happened as h
left join community as c on c.community_code = h.community_code
left join street as s on s.street_code = coalesce(h.street_code, c.street_code)
join source_file as f on f.source_id = h.source_id
where h.matter in ('challenge_due', 'milestone_due') or h.day <= $as_of
order by h.day, h.matter, h.entity_id
