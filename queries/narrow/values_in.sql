-- Put the stored values that one street may see into its file.

insert into metric_value by name
select *
from narrowed
