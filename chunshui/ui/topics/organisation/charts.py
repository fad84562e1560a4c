"""The icicle of the organisation: what hangs on what, and where it is broken."""

from typing import Any

import pandas as pd

from chunshui import words
from chunshui.drawing import theme
from chunshui.ledgers.contracts.organisation import ACTIONS
from chunshui.ui import data as shown
from chunshui.ui.charts.base import DASHES, HOVER, Drawn, axis, layout, legend, names_axis, upright
from chunshui.ui.data import views
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.topics.organisation import data
from chunshui.ui.widgets.pictures import kept

HEIGHT = 380
OWN, CUT, FINE = "断在这里", "随上一级断开或下面有断链", "接得上"
ROOT = "区"
LEGEND = "一格一个组织，高低按户数；红框的断在这里，黄的随上一级断开（没有画出下一级的，是下面有断链）。点街道、社区往下看。"


@kept
def icicle(scope: Scope, dark: bool) -> Drawn:
    """Return the streets with their communities, or the communities of one street with their branches.

    As wide as their homes; what is broken itself stands out from what is broken below or from above.
    """
    colours = theme.palette(dark)
    nodes = _nodes(scope)
    # Fills on which the ink of the page is read; what is broken itself has an edge besides.
    fills = {OWN: colours.moves[3], CUT: colours.moves[2], FINE: colours.bands[1]}
    own = [one == OWN for one in nodes["state"]]
    homes = nodes["households"].astype(int)
    return Drawn(
        {
            "data": [
                {
                    "type": "icicle",
                    "ids": nodes["id"].tolist(),
                    "parents": nodes["parent"].tolist(),
                    "labels": nodes["label"].tolist(),
                    "values": nodes["weight"].tolist(),
                    "branchvalues": "remainder",
                    "sort": False,
                    "tiling": {"orientation": "h", "pad": 1},
                    "pathbar": {"visible": False},
                    "root": {"color": colours.missing},
                    "marker": {
                        "colors": [fills[one] for one in nodes["state"]],
                        "line": {
                            "width": [2 * one for one in own],
                            "color": colours.accent,
                        },
                    },
                    "leaf": {"opacity": 1},
                    "textinfo": "label",
                    "textfont": {"color": colours.ink, "size": 11},
                    "hovertext": [
                        f"<b>{name}</b>　{count:,}户<br>{why}"
                        for name, count, why in zip(nodes["name"], homes, nodes["why"], strict=True)
                    ],
                    **HOVER,
                }
            ],
            "layout": layout(
                colours,
                HEIGHT,
                (0, 0, 0, 0),
                uniformtext={"minsize": 9, "mode": "hide"},
                paper_bgcolor="rgba(0,0,0,0)",
            ),
        }
    )


def _nodes(scope: Scope) -> pd.DataFrame:
    """Return what the icicle is made of: id, parent, label, name, homes, state, why, weight.

    Below an organisation that is missing nothing is drawn; the table under it has it.
    """
    street, district = shown.home_street(scope), scope.district()
    units, listed = data.units(district), data.breaks(district)
    within = (street,) if street else scope.streets
    units = units[units["street_code"].isin(within)] if within else units
    own = listed[listed["is_own"]]
    under = {**own.groupby("street_code").size(), **own.groupby("community_code").size()}
    last = data.TIERS[data.BRANCH if street else data.COMMUNITY]
    rows = []
    for one in units.itertuples():
        if one.tier == data.TIERS[data.STREET]:
            place = one.street_code, "" if street else ROOT, short_name(one.street_name)
        elif one.tier == data.TIERS[data.COMMUNITY]:
            place = one.community_code, one.street_code, short_name(one.community_name)
        elif street:
            name = one.unit_name.removesuffix("党支部").removesuffix("片区")
            place = one.unit_id, one.community_code, name
        else:
            continue
        state, why = _state(one, under.get(place[0], 0), one.tier == last)
        rows.append((*place, one.unit_name, one.households, state, why))
    if not street:
        rows.insert(0, (ROOT, "", ROOT, ROOT, 0, FINE, ""))
    columns = ["id", "parent", "label", "name", "households", "state", "why"]
    nodes = pd.DataFrame(rows, columns=columns).drop_duplicates("id")
    for _ in range(2):
        nodes = nodes[nodes["parent"].isin({"", *nodes["id"]})]
    is_leaf = ~nodes["id"].isin(nodes["parent"])
    return nodes.assign(weight=nodes["households"].where(is_leaf, 0))


def _state(unit: Any, broken_there: int, is_last: bool) -> tuple[str, str]:
    """Return the class of a committee or branch and what is said of it.

    `broken_there` counts the breaks of its place, its own with them. Of the last level drawn what is
    broken below shows in itself.
    """
    reason = None if words.is_missing(unit.reason) else unit.reason
    if reason is None and unit.tier == data.TIERS[data.BRANCH] and unit.centres == 0:
        reason = data.BARE
    own = reason is not None and reason != data.ABOVE
    below = broken_there - own
    why = reason or FINE
    state = OWN if own else CUT if reason or (is_last and below > 0) else FINE
    return state, f"{why}；下面断链{below:,}处" if below > 0 else why


@kept
def timeline(scope: Scope, dark: bool) -> Drawn:
    """Return the tasks of the six actions on the days they were planned for, by how they stand."""
    colours, rows = theme.palette(dark), data.tasks(scope)
    marks = {
        data.DONE: ("circle", colours.bar, colours.bar),
        data.LATE: ("diamond-open", colours.accent, colours.accent),
        data.AHEAD: ("circle-open", colours.quiet, colours.quiet),
    }
    traces = []
    for standing, (symbol, fill, edge) in marks.items():
        mine = rows[rows["standing"] == standing]
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "name": f"{standing}（{len(mine)}项）",
                "x": mine["planned_on"].dt.strftime("%Y-%m-%d").tolist(),
                "y": mine["action"].tolist(),
                "hovertext": [
                    f"<b>{row.title}</b><br>计划{row.planned_on:%Y-%m-%d}，{row.state}"
                    for row in mine.itertuples()
                ],
                **HOVER,
                "marker": {
                    "symbol": symbol,
                    "size": 10,
                    "color": fill,
                    "line": {"color": edge, "width": 2},
                },
            }
        )
    today = views.as_of(scope).strftime("%Y-%m-%d")
    order = {"categoryorder": "array", "categoryarray": list(ACTIONS)}
    return Drawn(
        {
            "data": traces,
            "layout": layout(
                colours,
                300,
                (0, 8, 36, 28),
                xaxis=axis(type="date", tickformat="%Y年%-m月", nticks=8, showgrid=True),
                yaxis=names_axis(**order),
                legend=legend(colours),
                shapes=[upright(today, colours.quiet, dash=DASHES)],
            ),
        }
    )  # fmt: skip
