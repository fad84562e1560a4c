-- Streets in the register at the end of the version's last month, with their outline as WKB of
-- WGS-84. One row per street.

select street_code, street_name, shape
from street
where
    valid_from <= (select max(month_end) from month)
    and coalesce(valid_to > (select max(month_end) from month), true)
order by street_code
