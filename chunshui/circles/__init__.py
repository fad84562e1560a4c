"""Walking circles: network, reach, catchments, coverage, what-if and siting, without SQL or pages.

network      streets to walk on, from OpenStreetMap, GeoJSON, GeoPackage or the ledgers
snap         doors tied to the nearest point of a street
reach        walking metres from door to door, all pairs or the nearest
catchments   outlines and bands for maps
coverage     shares, backups, quantiles, room per person
whatif       add, close or move a station
siting       where next, with proof; which stations could merge
coordinates  WGS-84, CGCS2000, GCJ-02, BD-09, and which one a ledger really uses
"""
