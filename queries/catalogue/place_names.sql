-- Names of every street and community that ever was in the register. One row per place.

select street_code as place_code, street_name as place_name from street
union all
select community_code, community_name from community
