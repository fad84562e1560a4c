"""The pictures of the page of riders, drawn for a scope and an appearance."""

import pandas as pd

from chunshui import words
from chunshui.catalogue.bands import fixed_classes
from chunshui.catalogue.figure import ratio
from chunshui.drawing import theme
from chunshui.ui import charts
from chunshui.ui import data as shown
from chunshui.ui.charts import Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.topics.riders import data
from chunshui.ui.widgets import pictures
from chunshui.ui.widgets.pictures import kept

HEIGHT, BELOW = 450, 118  # a phone's legend has four lines
SHARES = (20.0, 40.0, 60.0, 80.0)
# Symbol and size of a station by whether it is open: told apart without colour.
MARKS = {data.SHUT: ("circle-open", 8), data.UNKNOWN: ("x-thin-open", 8), data.OPEN: ("star", 13)}


@kept
def week(scope: Scope, which: str, weekday: int, hour: int, dark: bool) -> Drawn:
    """Return how many stations are open at every hour of the week; a square chooses its hour."""
    return Drawn(
        charts.hours(
            data.week(scope, which).to_numpy().tolist(),
            data.WEEKDAYS,
            (weekday - 1, hour),
            unit="处在开",
            dark=dark,
        )
    )


@kept
def night_map(scope: Scope, which: str, weekday: int, hour: int, dark: bool) -> Drawn:
    """Return who can walk to a 小哥驿站 open at the hour, and which of the chosen stations are open."""
    colours, land = theme.palette(dark), shown.district(scope.edition)
    walks = data.walks(scope, weekday, hour)
    squares: list[tuple[str, str]] = []
    title = f"{data.WEEKDAYS[weekday - 1]}{hour}点的{which}"
    if walks is None:
        ground = maps.communities(land, {}, colours, "没有步行路网") | {
            "z": [0] * len(land.communities),
            "colorscale": [[0, colours.missing], [1, colours.missing]],
        }
    else:
        values = dict(zip(walks["community_code"], walks["value"], strict=True))
        texts = walks["text"] + "　" + walks["fraction"].fillna("")
        said = dict(zip(walks["community_code"], texts, strict=True))
        classes = fixed_classes(SHARES, "%", falling=False)
        ground, squares = maps.shaded(land, values, said, classes, colours=colours)
        title = "底色：10分钟走得到在开小哥驿站的居民占比"
    rows = data.chosen(scope, which)
    states = data.open_then(scope, rows, weekday, hour)
    points = [
        _dots(rows[states == state], state, colours) for state in MARKS if (states == state).any()
    ]
    return Drawn(
        maps.canvas(
            land, [ground], squares, title=title, points=points, chosen_streets=scope.streets,
            chosen_community=scope.community, dark=dark, height=HEIGHT, below=BELOW, closest=True,
        )
    )  # fmt: skip


def _dots(rows: pd.DataFrame, state: str, colours: theme.Palette) -> dict:
    symbol, size = MARKS[state]
    look = (colours.accent, colours.ground) if state == data.OPEN else (colours.ink, colours.ink)
    hovers = [f"<b>{name}</b><br>{state}" for name in rows["station_name"]]
    name = f"{state}（{len(rows):,}处）"
    return pictures.marks(rows, name, rows["station_id"], hovers, symbol, size, look, 1.2)


@kept
def meals(scope: Scope, dark: bool) -> Drawn:
    """Return meals delivered and discounted by month, what is owed as a line."""
    rows = data.meal_months(scope)
    return Drawn(
        charts.flows(
            rows["month"].tolist(),
            rows["deliveries"].tolist(),
            rows["discounted"].tolist(),
            rows["balance"].tolist(),
            unit="份",
            names=("送餐挣得", "平价餐用掉", "结余待兑付"),
            decimals=0,
            dark=dark,
        )
    )


@kept
def needs(scope: Scope, survey: str, dark: bool) -> Drawn:
    """Return how often each need was chosen in the whole district, the most first."""
    rows = data.needs(scope)
    rows = rows[(rows["survey_id"] == survey) & rows["area_no"].isna() & rows["answers"].notna()]
    rows = rows.sort_values(["answers", "need"], ascending=[False, True])
    said = [
        f"{answers:,.0f}次，占答卷{words.percent(share)}"
        for answers, share in zip(
            rows["answers"], ratio(rows["answers"], rows["respondents"], 100), strict=True
        )
    ]
    return Drawn(charts.funnel(rows["need"].tolist(), rows["answers"].tolist(), said, dark=dark))
