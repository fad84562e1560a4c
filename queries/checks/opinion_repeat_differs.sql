/*
id = "opinion_repeat_differs"
name = "重复件与原件对不上"
severity = "警告"
entity = "opinion"
mend = "重复件要与原件是同一小区、同一类别，且受理在后；请核对民情台账的重复件原编号。"
*/
select
    o.opinion_id as entity_id,
    '民情' || o.opinion_id || '登记为' || o.repeat_of || '的重复件，'
        || case
            when o.opinion_id = o.repeat_of then '原件却是它自己。'
            when o.received_on < e.received_on then '受理却早于原件（' || e.received_on || '）。'
            when o.category != e.category then '原件却是另一类（' || e.category || '）。'
            else '原件却不在同一小区。'
        end as message
from opinion as o
join opinion as e on e.opinion_id = o.repeat_of
where
    o.opinion_id = o.repeat_of
    or o.received_on < e.received_on
    or o.category != e.category
    or o.community_code != e.community_code
    or o.neighbourhood_id is distinct from e.neighbourhood_id
