"""The map of the grids, one layer at a time, on the screen and as a meeting takes it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import pandas as pd

from chunshui.drawing import theme
from chunshui.snapshots.model import Map
from chunshui.ui import data as shown
from chunshui.ui.charts.base import Drawn
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.topics.grids import data
from chunshui.ui.widgets import downloads, pictures
from chunshui.ui.widgets.pictures import kept

BY_COMMUNITY = "每家中心户户数"
# The layers, each with the metric that says the same of a community.
METRICS = {
    "岗位空缺": "grid_posts_filled",
    "网格长": "grid_leader_rate",
    "楼栋骨干": "grid_no_core",
    "户数": "grid_compliance",
    BY_COMMUNITY: "households_per_centre",
}
LAYERS = tuple(METRICS)


@dataclass(frozen=True)
class Class:
    """A class of grids on the map: its words, how grave it is (0 nothing is wanting), who is in it."""

    name: str
    grave: int
    holds: Callable[[pd.DataFrame], pd.Series]


def classes(layer: str) -> list[Class]:
    """Return the classes of a layer of grids, the same for every month and scope, the gravest last."""
    lowest, highest = data.bounds()
    days = data.handover_days()
    lacking = data.lacking
    return {
        "岗位空缺": [
            Class("不缺岗", 0, lambda g: g["vacant_posts"] == 0),
            Class("缺1岗", 1, lambda g: g["vacant_posts"] == 1),
            Class("缺2岗", 2, lambda g: g["vacant_posts"] == 2),
            Class("缺3岗及以上", 3, lambda g: g["vacant_posts"] >= 3),
        ],
        "网格长": [
            Class("网格长在岗", 0, lambda g: ~lacking(g, data.LEADER)),
            Class(f"空缺{days}天以内", 2, lambda g: g["leader_days"] <= days),
            Class(f"空缺超过{days}天", 3, lambda g: g["leader_days"] > days),
        ],
        "楼栋骨干": [
            Class("两样都有", 0, lambda g: (g["leaders"] > 0) & (g["centres"] > 0)),
            Class("只缺党小组长", 1, lambda g: (g["leaders"] == 0) & (g["centres"] > 0)),
            Class("只缺中心户", 2, lambda g: (g["leaders"] > 0) & (g["centres"] == 0)),
            Class(data.NEITHER, 3, lambda g: lacking(g, data.NEITHER)),
        ],
        "户数": [
            Class(f"{lowest}–{highest}户", 0, lambda g: g["outside"] == 0),
            Class(f"不足{lowest}户", 1, lambda g: g["outside"] < 0),
            Class(f"超过{highest}户", 3, lambda g: g["outside"] > 0),
        ],
        BY_COMMUNITY: [],
    }[layer]


# Shape and size by gravity: told apart without colour.
MARKS = (("circle", 5), ("square", 7), ("diamond", 9), ("triangle-up", 13))
NEAR = 1.6  # of that size on the map of a few streets
HEIGHT, BELOW = 470, 118  # a phone's legend has four lines


@kept
def grid_map(scope: Scope, layer: str, dark: bool) -> Drawn:
    """Return the map of one layer of the grids in scope."""
    if layer == BY_COMMUNITY:
        return pictures.district_map(scope, "households_per_centre", dark=dark)
    colours = theme.palette(dark)
    land, grids = shown.district(scope.edition), data.grids(scope)
    ground = maps.communities(land, _said(data.grids(scope.district())), colours, "没有网格") | {
        "z": [0] * len(land.communities),
        "colorscale": [[0, colours.missing], [1, colours.missing]],
    }
    points = []
    for one in classes(layer):
        rows = grids[one.holds(grids)]
        if len(rows):
            points.append(_dots(rows, one, layer, colours, 1 if scope.whole else NEAR))
    return Drawn(
        maps.canvas(
            land, [ground], [], title=f"网格：{layer}（一点一个网格，点开看岗位）", points=points,
            chosen_streets=scope.streets, chosen_community=scope.community, dark=dark,
            height=HEIGHT, below=BELOW, closest=True,
        )
    )  # fmt: skip


def _dots(rows: pd.DataFrame, one: Class, layer: str, colours: theme.Palette, scale: float) -> dict:
    symbol, size = MARKS[one.grave]
    fill = (colours.bands[2], colours.bands[4], colours.moves[3], colours.accent)[one.grave]
    edge = colours.ink if one.grave == 2 else colours.ground
    name = f"{one.name}（{len(rows):,}个）"
    hovers = _hovers(rows, layer)
    return pictures.marks(
        rows, name, rows["grid_id"], hovers, symbol, scale * size, (fill, edge), 0.8
    )


def _hovers(grids: pd.DataFrame, layer: str) -> list[str]:
    """Return what a layer says of each grid: its name, its homes and what the layer is of."""
    said = [""] * len(grids)
    if layer == "楼栋骨干":
        pairs = zip(grids["leaders"], grids["centres"], strict=True)
        said = [f"<br>党小组长{one:.0f}名，中心户{other:.0f}家" for one, other in pairs]
    elif layer != "户数":
        facts = zip(grids["vacant_posts"], grids["vacant_names"], grids["vacant_days"], strict=True)
        said = [f"<br>缺{n}岗：{names}，最久{days:,.0f}天" if n else "" for n, names, days in facts]
    names = zip(grids["grid_name"], grids["households"], said, strict=True)
    return [f"<b>{name}</b>　{homes:,}户{more}" for name, homes, more in names]


def _said(grids: pd.DataFrame) -> dict[str, str]:
    """Return what is said of each community on hover, by code."""
    counts = grids.groupby("community_code").agg(
        grids=("grid_id", "size"), homes=("households", "sum"), vacant=("vacant_posts", "sum")
    )
    return {
        row.Index: f"{row.grids}个网格，{row.homes:,}户<br>空缺{row.vacant}岗"
        for row in counts.itertuples()
    }


def bring(scope: Scope, layer: str) -> None:
    """Let a meeting take the map of a layer."""
    picture = partial(frozen_map, scope, layer)
    downloads.seen(pd.DataFrame(), f"网格地图_{layer}", scope, picture=picture)


@remembered(16)
def frozen_map(scope: Scope, layer: str) -> Map:
    """Return a layer on paper: the communities by its metric, the gravest class of grids as dots.

    On paper all dots look alike, so that one class is all they can tell.
    """
    grids = data.grids(scope).assign(station_name=lambda rows: rows["grid_name"])
    held = [(one.name, grids[one.holds(grids)]) for one in classes(layer) if one.grave]
    name, gravest = next((one for one in held[::-1] if len(one[1])), ("", grids.head(0)))
    return pictures.frozen_map(scope, METRICS[layer], gravest, f"{name}的网格")
