"""Walking circles: streets, doors, walks, and what can be asked of them, without SQL or pages.

network           streets to walk on, from the ledgers or any reader
osm, lines        readers: OpenStreetMap; GeoJSON and GeoPackage
streets           street files of any kind turned into the ledgers 步行节点 and 步行路段
snap              doors tied to the nearest point of a street
reach             walking metres from door to door, all pairs or the nearest
walks             the walks of a version, measured when it is built
coordinate_check  coordinates of the ledgers held against the places they name
boundary_shift    whole layers of boundaries in another coordinate system than they state
boundaries        how communities, streets and the district lie to each other
model             the circles of one version, loaded once
question          which stations, for whom, how far
stations          which stations answer, who lives near them, which are near a door
scenario          add, close or move a station
candidates        where a station could be added, whom it would serve; which could merge
siting            the search for sites, with proof
e2sfca            room per person
catchments        outlines on a mesh; `outlines` cuts them for the map
"""
