"""The walking network: nodes in degrees, edges in metres."""

from chunshui.ledgers.contracts.contract import Column, Ledger, Rule, choice, point

WALK_NODE = Ledger(
    id="walk_node",
    name="步行节点",
    grain="一个节点一行",
    columns=(
        Column("node_id", "节点编号", "integer", identifies=True),
        choice("kind", "类别", "路口", "大门", "院内", "过街", "桥"),
        *point(),
    ),
)

WALK_EDGE = Ledger(
    id="walk_edge",
    name="步行路段",
    grain="一条路段一行，双向",
    columns=(
        Column("edge_id", "路段编号", "integer", identifies=True),
        Column("from_node", "起点", "integer", refers="walk_node", identifies=True),
        Column("to_node", "终点", "integer", refers="walk_node", identifies=True),
        choice("kind", "类别", "街道", "巷道", "院内路", "主干道", "过街", "桥"),
        Column(
            "metres",
            "长度",
            "number",
            unit="米",
            above=0,
            note="在本地的 CGCS2000 三度带投影中量得",
        ),
    ),
    rules=(
        Rule(
            "to_node",
            lambda rows: rows["from_node"] == rows["to_node"],
            "起点与终点是同一个节点",
            "请核对起点与终点，或删去此行",
        ),
    ),
)
