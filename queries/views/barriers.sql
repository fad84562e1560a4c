-- River, railway and arterials, for orientation on a map, as WKB of WGS-84. One row per barrier.

select barrier_id, barrier_name, kind, shape from barrier order by barrier_id
