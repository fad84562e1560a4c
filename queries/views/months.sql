-- The months of this version, oldest first. One row per month.

select month, month_end from month order by month
