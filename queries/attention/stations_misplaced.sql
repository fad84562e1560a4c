/*
id = "stations_misplaced"
kind = "阵地坐标可疑"
title = "{station_name}坐标可疑"
severity = "提示"
page = "dictionary"
template = "登记在{community_name}，坐标却距该社区{metres:米}；坐标未改正前，步行覆盖结果不准。"
ask = "核正{station_name}的坐标（登记在{community_name}，相距{metres:米}）"
link = { metric = "station_count", street = "{street_name}", community = "{community_name}" }

[params]
farthest_m = 100
*/
select
    st.station_name,
    st.street_code,
    s.street_name,
    st.community_code,
    c.community_name,
    round(p.metres_outside)::integer as metres,
    p.metres_outside as weight
from station_place as p
join station as st using (station_id)
join street as s on s.street_code = st.street_code
join community as c on c.community_code = st.community_code
where
    p.metres_outside > $farthest_m
    and st.opened_on <= $as_of
    and coalesce(st.closed_on > $as_of, true)
