-- Published figures to hold against. One row per claim.

select claim_id, subject, comparator, value, unit, quote from claim order by claim_id
