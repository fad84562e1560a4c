-- A version keeps no working tables. Two statements.

drop table filling;
drop table asked
