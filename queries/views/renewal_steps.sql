-- The stages of a project in order, and which of them are the three milestones. One row per stage.

select stage, row_number() over (order by position)::integer as step, milestone
from renovation_step
order by step
