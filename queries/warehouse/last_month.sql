-- The as-of month of a version: the latest it can be asked for. One row.
select strftime(max(month), '%Y-%m') as as_of
from month
