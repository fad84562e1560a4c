-- The months that can be asked for, the latest first: "2026-10". One row per month.

select strftime(month, '%Y-%m') as month from month order by month desc
