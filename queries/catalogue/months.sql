-- First and last day of every month of the version, oldest first. One row per month.

select month, month_end from month order by month
