-- Communities that a sentence in the ledger of terms names, by their own name where no other has it, or
-- after their street's. One row per community.

select c.community_code
from (select *, count(*) over (partition by community_name) as namesakes from community) as c
join street as s using (street_code)
where
    exists (
        select 1
        from label as l
        where
            (c.namesakes = 1 and contains(l.sentence, c.community_name))
            or contains(l.sentence, s.street_name || regexp_replace(c.community_name, '社区$', ''))
    )
order by c.community_code
