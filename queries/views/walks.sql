-- Every walk from a station to a building up to 1,500 m. One row per pair.

select building_no, station_no, metres from reach
