-- Stretches of the walking network. One row per stretch.

select edge_id, from_node, to_node, kind, metres from walk_edge order by edge_id
