/*
id = "node_without_edge"
name = "步行节点没有路段相连"
severity = "提示"
entity = "walk_node"
mend = "核对步行路段台账；孤立的节点走不到任何地方，不参与计算。"
*/
select n.node_id::varchar as entity_id, '步行节点' || n.node_id || '没有路段相连。' as message
from walk_node as n
where
    not exists (select 1 from walk_edge as e where e.from_node = n.node_id)
    and not exists (select 1 from walk_edge as e where e.to_node = n.node_id)
