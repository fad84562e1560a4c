"""The icicle of the organisation: what hangs on what, and where it is broken."""

from typing import Any

import pandas as pd

from chunshui import words
from chunshui.drawing import theme
from chunshui.ledgers.contracts.organisation import ACTIONS
from chunshui.ui import data as shown
from chunshui.ui.charts.base import DASHES, HOVER, Drawn, axis, chart, legend, names_axis, upright
from chunshui.ui.data import views
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.topics.organisation import data
from chunshui.ui.widgets.pictures import kept

HEIGHT = 380
LEAST_PX = 22  # of a cell: lower ones have no room for their names
OWN, BELOW, FINE = "断在这里", "下面有断链", "接得上"
ROOT = "区"
LEGEND = "一格一个组织，高低按户数，小的放大到写得下名字；红框的断在这里，黄的下面有断链。{}"
DEEPER = {False: "点一个街道，看它的社区和断开的支部。", True: "支部只画断开的，全部的在下面。"}


@kept
def icicle(scope: Scope, dark: bool) -> Drawn | None:
    """Return the streets, or the communities of one street with those of their branches that are broken.

    As high as their homes, but none too low for its name; what is broken itself stands out from what
    is broken below. None where nothing is set up yet.
    """
    colours = theme.palette(dark)
    nodes = _nodes(scope)
    if not nodes["households"].sum():  # a street without a committee hides what is below it
        return None
    # Fills on which the ink of the page is read; what is broken itself has an edge besides.
    fills = {OWN: colours.moves[3], BELOW: colours.moves[2], FINE: colours.bands[1]}
    own = [one == OWN for one in nodes["state"]]
    homes = nodes["households"].astype(int)
    return Drawn(
        chart(
            [
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
            colours,
            int(HEIGHT * max(1, nodes["weight"].sum() / homes[nodes["parent"] == ""].sum())),
            (0, 0, 0, 0),
            uniformtext={"minsize": 9, "mode": "hide"},
            paper_bgcolor="rgba(0,0,0,0)",
        )
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
    rows = []
    for one in units.itertuples():
        if one.tier == data.TIERS[data.STREET]:
            place = one.street_code, "" if street else ROOT, short_name(one.street_name)
        elif not street:
            continue
        elif one.tier == data.TIERS[data.COMMUNITY]:
            place = one.community_code, one.street_code, short_name(one.community_name)
        else:
            name = one.unit_name.removesuffix("党支部").removesuffix("片区")
            place = one.unit_id, one.community_code, name
        state, why = _state(one, under.get(place[0], 0))
        if one.tier != data.TIERS[data.BRANCH] or state == OWN:
            label = place[2] if state == FINE else f"{place[2]}　{why}"
            rows.append((*place[:2], label, one.unit_name, one.households, state, why))
    if not street:
        homes = sum(row[4] for row in rows)
        rows.insert(0, (ROOT, "", ROOT, ROOT, homes, FINE, FINE))
    columns = ["id", "parent", "label", "name", "households", "state", "why"]
    nodes = pd.DataFrame(rows, columns=columns).drop_duplicates("id")
    for _ in range(2):
        nodes = nodes[nodes["parent"].isin({"", *nodes["id"]})]
    least = nodes["households"][nodes["parent"] == ""].sum() * LEAST_PX / HEIGHT
    is_leaf = ~nodes["id"].isin(nodes["parent"])
    weight = nodes["households"].where(is_leaf, 0).where(~is_leaf, nodes["households"].clip(least))
    drawn_below = weight.groupby(nodes["parent"]).sum()
    rest = nodes["households"] - pd.to_numeric(nodes["id"].map(drawn_below))
    is_open = ~is_leaf & nodes["parent"].ne("")  # a community of which some branches are drawn
    return nodes.assign(weight=weight.where(~is_open, rest.clip(0)))


def _state(unit: Any, broken_there: int) -> tuple[str, str]:
    """Return the class of a committee or branch and what is said of it.

    `broken_there` counts the breaks of its place, its own with them.
    """
    reason = None if words.is_missing(unit.reason) else unit.reason
    if reason is None and unit.tier == data.TIERS[data.BRANCH] and unit.centres == 0:
        reason = data.BARE
    own = reason is not None and reason != data.ABOVE
    below = int(broken_there) - own
    why = ([reason] if reason else []) + [f"下面断链{below:,}处"] * (below > 0)
    return OWN if own else BELOW if below > 0 else FINE, "；".join(why) or FINE


@kept
def timeline(scope: Scope, dark: bool) -> Drawn:
    """Return the tasks of the six actions on the days they were planned for, by how they stand.

    The theme years whose days are known are bands behind them.
    """
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
    bands, names = _theme_years(scope, colours)
    today = views.as_of(scope).strftime("%Y-%m-%d")
    order = {"categoryorder": "array", "categoryarray": list(ACTIONS)}
    return Drawn(
        chart(
            traces,
            colours,
            320,
            (0, 8, 56, 28),
            xaxis=axis(type="date", tickformat="%Y年%-m月", nticks=8, showgrid=True),
            yaxis=names_axis(**order),
            legend=legend(colours, 1.09),
            annotations=names,
            shapes=[*bands, upright(today, colours.quiet, dash=DASHES)],
        )
    )


def _theme_years(scope: Scope, colours: theme.Palette) -> tuple[list[dict], list[dict]]:
    """Return the theme years as bands and their names over them; one that goes on ends today."""
    years = data.terms(scope)
    years = years[years["starts_on"].notna()].sort_values("starts_on")
    bands, names = [], []
    for n, one in enumerate(years.itertuples()):
        ends = views.as_of(scope) if words.is_missing(one.ends_on) else one.ends_on
        across = {"x0": f"{one.starts_on:%Y-%m-%d}", "x1": f"{ends:%Y-%m-%d}"}
        high = {"yref": "paper", "y0": 0, "y1": 1}
        look = {"fillcolor": colours.bands[n % 2], "opacity": 0.35, "line": {"width": 0}}
        bands.append({"type": "rect", **across, **high, **look, "layer": "below"})
        middle = one.starts_on + (ends - one.starts_on) / 2
        names.append(
            {"x": f"{middle:%Y-%m-%d}", "y": 1, "yref": "paper", "yanchor": "bottom", "text": one.term, "showarrow": False}
        )  # fmt: skip
    return bands, names
