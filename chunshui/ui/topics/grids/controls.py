"""What is chosen and opened on the page of the grids."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from chunshui.ui.charts import Drawn
from chunshui.ui.data import figures
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.grids import charts, data, finding, tables
from chunshui.ui.widgets import drill, lists, pick, pictures
from chunshui.ui.widgets.tables import headed

TILES = (
    "grid_posts_filled",
    "grid_roles_filled",
    "grid_households_staffed",
    "grid_post_days",
    "grid_compliance",
    "grid_no_core",
)
CORE = (
    "group_leaders",
    "centre_households",
    "households_per_leader",
    "households_per_centre",
    "grid_no_group_leader",
    "grid_no_centre",
)
LEADERS = ("grid_leader_rate", "grid_leader_gap")
PLACES = {
    "岗位到岗率": "grid_posts_filled",
    "配齐网格户数": "grid_households_staffed",
    "到岗天数率": "grid_post_days",
    "网格合规率": "grid_compliance",
}
CORE_PLACES = {
    "无骨干网格": "grid_no_core",
    "每名组长户数": "households_per_leader",
    "每家中心户户数": "households_per_centre",
}
MAP = "grids_map"


@remembered(256)
def finding_sentence(scope: Scope) -> str:
    """Say what is worst of the grids in scope."""
    return finding.of_grids(data.grids(scope), data.vacancies(scope), scope.words)


def draw_map(scope: Scope, grids: pd.DataFrame) -> None:
    """Draw the choice of a layer and the map of it; a click on a grid opens it."""
    layer = pick.one_of("地图看什么", charts.LAYERS, charts.LAYERS[0], "grid_layer")
    picture: Drawn = charts.grid_map(scope, layer)
    charts.bring(scope, layer)
    if grid := pictures.pick_on_map(picture, f"网格地图：{layer}", MAP):
        open_grid(scope, grids.set_index("grid_id", drop=False).loc[grid])


def draw_roles(scope: Scope) -> None:
    """Draw the roles of the dictionary; a row opens its vacancies."""
    table = tables.roles(scope)
    said = finding.of_vacancies(data.vacancies(scope))
    lists.show(table, "各岗位到岗", scope, "grid_roles", None, _open_role, table, finding=said)


def _open_role(scope: Scope, role: pd.Series) -> None:
    """Open the vacancies of one role, or of all."""
    rows, name = data.vacancies(scope), role["岗位"]
    if name != tables.ALL:
        rows = rows[rows["role_name"] == name]
    title = "空缺岗位" if name == tables.ALL else f"{name}空缺"
    drill.rows(title, tables.vacancies(rows), scope, "role_rows", finding.of_vacancies(rows))


def draw_summary(said: str, rows: pd.DataFrame) -> None:
    """Draw what a list comes to and, where it has rows, that they open."""
    st.markdown(f"**{said}** {'' if rows.empty else '点一行看这个网格的岗位。'}")


def draw_lacking(scope: Scope, grids: pd.DataFrame) -> None:
    """Draw the choice of what is lacking and the grids that lack it, the most households first."""
    said = finding.of_lacks(grids)
    draw_summary(said, grids)
    lack = pick.one_of("缺什么", data.LACKS, data.NEITHER, "lack")
    rows = grids[data.lacking(grids, lack)].sort_values(
        ["households", "grid_id"], ascending=[False, True]
    )
    table, title = tables.lacking(rows), f"{lack}的网格"
    lists.show(table, title, scope, "grids_lacking", 420, open_grid, rows, finding=said)


def outside(grids: pd.DataFrame) -> pd.DataFrame:
    """Return the grids outside the bounds of their size, the farthest first."""
    rows = grids[grids["outside"] != 0]
    far = rows["outside"].abs().sort_values(ascending=False, kind="stable").index
    return rows.loc[far]


def draw_buttons(scope: Scope, metrics: tuple[str, ...]) -> None:
    """Draw figures in a row, each opens."""
    drill.buttons(scope, figures(scope, metrics).values())


def open_grid(scope: Scope, grid: pd.Series) -> None:
    """Open the posts, leaders and centre households of one grid, with their ledger rows."""
    rows, every = data.posts(scope, grid["grid_id"]), data.grids(scope.district())
    one = every[every["grid_id"] == grid["grid_id"]].iloc[0]
    name = f"{grid['street_name']}{grid['community_name']}{grid['grid_name']}"
    within = replace(scope, community=grid["community_code"], words=name)
    title = f"{grid['grid_name']}的岗位与骨干"
    drill.rows(title, headed(rows, tables.POSTS), within, "grid_rows", finding.of_grid(one))
