-- Nodes of the walking network. One row per node.

select node_id, lon, lat from walk_node order by node_id
