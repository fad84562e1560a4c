-- A version keeps no working table.

drop table filling
