"""The small map of a community: who walks to a station in ten minutes, and who cannot."""

import pandas as pd

from chunshui.drawing import theme
from chunshui.ui import data as shown
from chunshui.ui.charts import Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.topics.community import data
from chunshui.ui.widgets.pictures import kept

MAP_PX = 410
REACHED, BEYOND, STATION = "走得到的楼", "走不到的楼", "阵地"


@kept
def reach_map(scope: Scope, dark: bool) -> Drawn:
    """Return the map of the community in scope, its buildings by whether a station is in reach."""
    colours, land = theme.palette(dark), shown.district(scope.edition)
    homes, stations = data.homes(scope), data.stations(scope)
    there = homes["numerator"] > 0
    said = [
        f"<b>{one.entity_name}</b><br>{one.denominator:,.0f}人"
        + (f"<br>{one.reason}" if one.numerator == 0 and isinstance(one.reason, str) else "")
        for one in homes.itertuples()
    ]
    homes = homes.assign(said=said)
    stations = stations.assign(
        said=[f"<b>{one.station_name}</b><br>{one.level}级阵地" for one in stations.itertuples()]
    )
    ground = maps.communities(land, {}, colours, "") | {
        "z": [0] * len(land.communities),
        "colorscale": [[0, colours.ground], [1, colours.ground]],
        "hoverinfo": "skip",
        "hovertemplate": None,
    }
    points = [
        _points(homes[there], REACHED, "circle", 6, colours.quiet, colours),
        _points(homes[~there], BEYOND, "circle", 9, colours.accent, colours),
        _points(stations, STATION, "diamond", 14, colours.ink, colours),
    ]
    drawn = maps.canvas(
        land,
        [ground],
        [],
        title="步行十分钟（720米）",
        points=[one for one in points if one["lon"]],
        chosen_community=scope.community,
        dark=dark,
        height=MAP_PX,
        below=84,
        closest=True,
    )
    return Drawn(drawn)


def _points(
    rows: pd.DataFrame, name: str, symbol: str, size: int, colour: str, colours: theme.Palette
) -> dict:
    edge = {"color": colours.ground, "width": 1}
    return {
        "type": "scattergeo",
        "mode": "markers",
        "name": f"{name}（{len(rows)}）",
        "lon": rows["lon"].tolist(),
        "lat": rows["lat"].tolist(),
        "hovertext": rows["said"].tolist(),
        "hovertemplate": "%{hovertext}<extra></extra>",
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": edge},
        "showlegend": True,
    }
