-- What one member unit ($unit) promised up to $as_of, the latest due first: what, how much, when, whether
-- delivered, and the ledger row. One row per pledge.

select
    p.content,
    p.kind,
    p.quantity,
    p.measure,
    p.promised_on,
    p.due_on,
    case when p.delivered_on <= $as_of then p.delivered_on end as delivered_on,
    case
        when p.delivered_on <= least(p.due_on, $as_of) then '按期兑现'
        when p.delivered_on <= $as_of then late_words(p.due_on, p.delivered_on) || '兑现'
        when p.due_on <= $as_of then '没有兑现，' || overdue_words(p.due_on, $as_of)
        else '未到期'
    end as state,
    c.committee_name as confirmed_by,
    f.file_name,
    f.sheet_name,
    p.source_row
from pledge as p
left join party_committee as c on c.committee_id = p.confirmed_by and p.delivered_on <= $as_of
join source_file as f on f.source_id = p.source_id
where p.unit_id = $unit and p.promised_on <= $as_of
order by p.due_on desc, p.pledge_id
