-- The fill is done; a version keeps no working tables.

drop table asked
