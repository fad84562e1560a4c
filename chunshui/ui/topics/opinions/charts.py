"""The ways of the items through the tiers, drawn for an appearance."""

from chunshui.drawing import theme
from chunshui.opinions import flow
from chunshui.ui import charts
from chunshui.ui.charts.base import Drawn, chart
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.opinions import data
from chunshui.ui.widgets.pictures import kept

HEIGHT = 320


@kept
def ages(scope: Scope, dark: bool) -> Drawn:
    """Return how many of the items in hand are of which age, in working days past due."""
    classes = [data.NOT_DUE, *data.AGES]
    counts = data.held(scope)["age"].value_counts().reindex(classes, fill_value=0)
    said = [f"{count:,}项" for count in counts]
    return Drawn(charts.funnel(classes, counts.tolist(), said, dark=dark))


@kept
def ways(scope: Scope, choice: str, dark: bool) -> Drawn:
    """Return the ways from the tier that received an item over the highest it got to to its outcome.

    Three columns of nodes, so that what is sent back makes no loop.
    """
    colours = theme.palette(dark)
    rows = data.paths(scope, choice)
    columns = [
        [f"{tier}收件" for tier in flow.TIERS],
        [f"最高到{tier}" for tier in flow.TIERS],
        [data.CLOSED, data.HELD],
    ]
    names = [name for column in columns for name in column]
    first = rows["first"] + "收件"
    furthest = "最高到" + rows["furthest"]
    bands: dict[tuple[str, str], int] = {}
    for source, target in ((first, furthest), (furthest, rows["outcome"])):
        for one, other, items in zip(source, target, rows["items"], strict=True):
            bands[one, other] = bands.get((one, other), 0) + int(items)
    links = {
        "source": [names.index(one) for one, _ in bands],
        "target": [names.index(other) for _, other in bands],
        "value": list(bands.values()),
        "color": [colours.bands[2] if to != data.HELD else colours.moves[3] for _, to in bands],
        "hovertemplate": "%{source.label} → %{target.label}：%{value}项<extra></extra>",
    }
    through = [
        max(sum(n for pair, n in bands.items() if pair[end] == name) for end in (0, 1))
        for name in names
    ]
    nodes = {
        "label": [f"{name} {n}项" if n else "" for name, n in zip(names, through, strict=True)],
        "color": colours.bands[4],
        "pad": 14,
        "thickness": 12,
        "line": {"width": 0},
        "hovertemplate": "%{label}<extra></extra>",
    }
    trace = {
        "type": "sankey",
        "arrangement": "fixed",
        "node": nodes,
        "link": links,
        "textfont": {"color": colours.ink, "size": 13},
    }
    return Drawn(chart([trace], colours, HEIGHT, (4, 4, 8, 8)))
