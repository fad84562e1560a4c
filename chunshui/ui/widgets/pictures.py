"""The pictures of a scope, drawn from the catalogue's values and kept.

A picture is kept by version, metric, scope and appearance: building it again costs more than
everything else on a page together.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar, cast

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui import words
from chunshui.catalogue.bands import (
    change_classes,
    change_step,
    shade_words,
    stand_out,
)
from chunshui.catalogue.figure import incomparable_words, least_words, target_text, written
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.wording import (
    judged_words,
    level_of,
    moved_places_sentence,
    place_sentence,
    standings,
)
from chunshui.month import Month
from chunshui.snapshots import freeze, map_shapes
from chunshui.snapshots.model import Map
from chunshui.snapshots.selection import COMMUNITY, Choice, Selection
from chunshui.ui import charts, data
from chunshui.ui.charts import Drawn
from chunshui.ui.charts.base import HOVER, NO_FADING
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.map import geo
from chunshui.ui.map.click import Click, clicked
from chunshui.ui.map.land import short_name
from chunshui.ui.shell import filters, head

T = TypeVar("T")
MAP_PX = 366  # with its legend; the first page's has to stand on the first screen


def is_dark() -> bool:
    """Whether the reader's screen is in the dark appearance."""
    return st.context.theme.type == "dark"


def kept(draw: Callable[..., T], *, against: bool = True, most: int = 256) -> Callable[..., T]:
    """Return a function that draws in the reader's appearance and keeps what it drew.

    `draw` takes the appearance as its last argument, `dark`; whoever asks leaves it out, but for
    who prepares ahead.
    """
    keep = remembered(most, against=against)(draw)

    @wraps(draw)
    def picture(*args: Any, dark: bool | None = None) -> T:
        return keep(*args, is_dark() if dark is None else dark)

    return picture


def show_titled_ranking(place: DeltaGenerator, scope: Scope, metric: Metric) -> None:
    """Show the ranking under what it comes to."""
    head.draw_picture_title(place, ranking_title(scope, metric))
    show_ranking(place, scope, metric)


def show_ranking(place: DeltaGenerator, scope: Scope, metric: Metric) -> None:
    """Show the ranking where it belongs, a click on a bar filters; or say why there is none."""
    if metric.level == "district":
        place.info("本指标只在全区统计，不分到街道、社区；换一项指标可看排名。")
        return
    rows = data.places(scope, metric.id)
    kind, small = ("社区" if data.home_street(scope) else "街道"), int(rows["small"].sum())
    if small and rows["value"][~rows["small"]].isna().all():
        place.info(f"各{kind}的基数都少于{least_words(metric)}，或者没有数据，不排名。")
        return
    place.plotly_chart(
        ranking(scope, metric.id),
        key="ranking",
        on_select=lambda: filters.pick("ranking"),
        selection_mode="points",
        config=charts.CONFIG,
        alt=f"{metric.name}：排名",
    )
    shown = rows[~rows["small"]]
    strong = stand_out(list(shown["value"]), list(shown["status"]), metric.kind, metric.direction)
    deep, pale = ("浅蓝", "深蓝") if is_dark() else ("深蓝", "浅蓝")
    aim = _target_line(metric, level_of(rows))
    if judged := judged_words(standings(shown, in_full=True), kind, metric):
        present = set(shown["status"])
        blues = {words.MISSED: deep, words.NEAR: "中蓝", words.REACHED: pale}
        shades = [f"{blue}＝{status}" for status, blue in blues.items() if status in present]
        shades = [*(shades if shades[1:] else []), *([f"竖实线是{aim}"] if aim else [])]
        place.caption(f"{'：'.join(filter(None, (judged, '，'.join(shades))))}。")
    elif any(strong) and not all(strong):
        place.caption(f"{deep}的是最差的一档，{pale}的是其余{kind}。")
    if small:
        place.caption(f"另有{small:,}个{kind}基数少于{least_words(metric)}，不排名。")
    if rows["beyond"].notna().any():
        place.caption(f"差距在偶然波动之内的{kind}不分先后，按登记顺序列；明显偏离的列在两头。")
    if note := data.rounding_note(scope, metric):
        place.caption(note)


def _target_line(metric: Metric, level: str) -> str:
    """Return what the line of the target is called; "" without one, and of nothing, where the bars begin."""
    return (metric.target and target_text(metric, level)) or ""


def ranking_title(scope: Scope, metric: Metric) -> str:
    """Return what a ranking comes to, or how the places moved since the month compared with."""
    return _ranking_title(scope, metric.id)


@remembered(512, against=True)
def _ranking_title(scope: Scope, metric_id: str) -> str:
    metric, rows = get_metric(metric_id), data.places(scope, metric_id)
    if scope.against and metric.level != "district":
        return moved_places_sentence(metric, rows, scope.month, scope.against)
    return place_sentence(data.figure(scope, metric.id), rows)


def show(
    picture: Drawn,
    what: str,
    key: str,
    follow: Callable[[str], None] = filters.pick,
    config: Mapping[str, Any] = charts.CONFIG,
) -> None:
    """Show a picture; a click on it is followed (a callback given the key), else it filters."""
    st.plotly_chart(
        picture,
        key=key,
        on_select=lambda: follow(key),
        selection_mode="points",
        config=dict(config),
        alt=what,
    )


def show_map(
    picture: Drawn, what: str, key: str = "map", follow: Callable[[str], None] = filters.pick
) -> None:
    """Show a map of the district as `show` does."""
    show(picture, what, key, follow, maps.CONFIG)


def pick_on_map(picture: Drawn, what: str, key: str) -> str | None:
    """Show a map; return the code of the mark just clicked, once. A click on the ground filters."""

    def follow(chart: str) -> None:
        if (click := clicked(chart)) and click.kind == "item":
            st.session_state[f"{key}_picked"] = click.code
        else:
            filters.pick(chart)

    show_map(picture, what, key, follow)
    return st.session_state.pop(f"{key}_picked", None)


def marks(
    rows: pd.DataFrame,
    name: str,
    codes: Iterable[str],
    hovers: Iterable[str],
    symbol: str,
    size: float,
    colours: tuple[str, str],
    edge_px: float,
) -> dict:
    """Return marks on a map where `rows` have lon and lat, each opens its code; fill and edge of one colour each."""
    fill, edge = colours
    return {
        "type": "scattergeo",
        "mode": "markers",
        "name": name,
        "lon": rows["lon"].round(geo.DECIMALS).tolist(),
        "lat": rows["lat"].round(geo.DECIMALS).tolist(),
        "customdata": [Click("item", code).customdata for code in codes],
        "hovertext": list(hovers),
        "marker": {
            "symbol": symbol,
            "size": size,
            "color": fill,
            "line": {"color": edge, "width": edge_px},
        },
        **HOVER,
        **NO_FADING,
    }


def pick(picture: Drawn, what: str, key: str) -> str | None:
    """Show a chart whose bars open something; return the code of the one just clicked, once."""

    def note(chart: str) -> None:
        if click := clicked(chart):
            st.session_state[f"{key}_picked"] = click.code

    show(picture, what, key, note)
    return st.session_state.pop(f"{key}_picked", None)


@kept
def sensitivity(scope: Scope, metric_id: str, dark: bool) -> Drawn:
    """Return the figure under every accepted way of counting."""
    rows = data.sensitivity(scope, metric_id)
    return Drawn(
        charts.sensitivity(
            list(rows["variant_name"]),
            [None if words.is_missing(value) else value for value in rows["value"]],
            list(rows["text"]),
            get_metric(metric_id).unit,
            dark=dark,
        )
    )


@kept
def district_map(scope: Scope, metric_id: str, dark: bool) -> Drawn:
    """Return the map of a metric by community, the scope outlined."""
    metric = get_metric(metric_id)
    rows = data.by_community(scope.district(), metric_id)
    rows = rows[rows["community_code"].notna()]
    values = rows["value"].mask(rows["small"])
    texts = rows["text"] + "　" + rows["fraction"].fillna("") + "　" + rows["status"]
    classes, missing = data.community_classes(scope.edition, metric_id), _unshaded(metric, rows)
    title = f"{metric.name}（{metric.unit}），按社区；{shading(metric, dark)}"
    if scope.against:
        pairs = zip(rows["moved"], rows["before"], strict=True)
        values = [change_step(metric, *pair) for pair in pairs]
        texts += "<br>" + rows["change"].fillna("不作比较")
        classes = change_classes(metric)
        title, missing = moved_title(metric, scope, dark), "不作比较"
    return Drawn(
        maps.district_map(
            data.district(scope.edition),
            dict(zip(rows["community_code"], values, strict=True)),
            dict(zip(rows["community_code"], texts, strict=True)),
            classes,
            title=title,
            chosen_streets=scope.streets,
            chosen_community=scope.community,
            missing=missing,
            dark=dark,
            height=MAP_PX,
        )
    )


@kept
def ranking(scope: Scope, metric_id: str, dark: bool) -> Drawn:
    """Return the ranking of streets, or of the communities of the one street in scope."""
    metric = get_metric(metric_id)
    rows = data.places(scope, metric_id)
    place = "community" if data.home_street(scope) else "street"
    rows = rows[rows[f"{place}_code"].notna() & ~rows["small"]]
    chosen = [scope.community] if place == "community" else scope.streets
    whole, aim = data.figure(scope.district(), metric_id), _target_line(metric, place)
    return Drawn(
        charts.ranking(
            [
                charts.Bar(
                    code=row[f"{place}_code"],
                    name=short_name(row[f"{place}_name"]),
                    value=None if words.is_missing(row["value"]) else row["value"],
                    words=row["text"].removesuffix(
                        "" if metric.unit == "%" else words.behind(metric.unit)
                    ),
                    moved=words.short_change(row["moved"], metric.unit).replace("持平", "0")
                    if scope.against
                    else "",
                    before=None if words.is_missing(row.get("before")) else row["before"],
                    small=f"{row['text']}　{row['fraction'] or ''}　{row['status']}",
                    street_code=row["street_code"],
                )
                for row in rows.to_dict("records")
            ],
            average=whole.value if metric.kind == "ratio" else None,
            average_words=f"全区{whole.text}",
            before_words=f"竖线是{Month.parse(scope.against).words}的数" if scope.against else "",
            chosen=chosen,
            strong=stand_out(
                list(rows["value"]), list(rows["status"]), metric.kind, metric.direction
            ),
            near=list(rows["status"] == words.NEAR),
            target=metric.target if aim else None,
            target_words=aim,
            dark=dark,
        )
    )


def moved_title(metric: Metric, scope: Scope, dark: bool) -> str:
    """Return what a map of changes shows, or that the two months do not count alike."""
    now, before = Month.parse(scope.month), Month.parse(scope.against or scope.month)
    if why := incomparable_words(metric, now, before):
        return f"{metric.name}{why}"
    unit = "（个百分点）" if metric.unit == "%" else ""
    strong = "" if metric.direction == "none" else f"；{'亮' if dark else '深'}红最差"
    return f"{metric.short}{metric.against(now, before)}变化{unit}{strong}"  # one line of a phone


def _unshaded(metric: Metric, rows: pd.DataFrame) -> str:
    """Return why a place has no shade: too little to judge by, no value, or not known so finely."""
    if metric.level != "community":
        return "不分到社区"
    return words.unshaded(bool(rows["small"].any()), bool(rows["value"].isna().any()))


def shading(metric: Metric, dark: bool) -> str:
    """Return what the strongest shade of a metric's map says."""
    return shade_words(metric.kind, metric.direction, dark=dark)


@kept
def trend(scope: Scope, metric_id: str, dark: bool) -> Drawn:
    """Return the months of a metric up to the scope's, with the target as a line."""
    figure = data.figure(scope, metric_id)
    metric = figure.metric
    values = [point.value for point in figure.trend]
    largest = max((abs(value) for value in values if value is not None), default=0.0)
    divisor, unit = words.scale(largest, metric.unit)
    return Drawn(
        charts.trend(
            [point.month for point in figure.trend],
            [None if value is None else value / divisor for value in values],
            words=[written(metric, point.value, figure.variant).text for point in figure.trend],
            marked=scope.month,
            target=metric.target / divisor
            if metric.target is not None and figure.target_text
            else None,
            target_words=figure.target_text or "",
            unit=unit if divisor > 1 else "",
            dark=dark,
        )
    )


def frozen_map(scope: Scope, metric_id: str, points: pd.DataFrame, title: str) -> Map:
    """Return a map on paper: the communities by a metric, some points over them; untitled itself.

    `points` have station_name, lon and lat, of a street or more street_code, too. Whoever takes it heads it.
    """
    reader, home = data.reader(scope.edition), data.home_street(scope)
    choice = Choice("map", (metric_id,), level=COMMUNITY)
    selection = Selection(
        scope.month, (choice,), streets=scope.streets, community=scope.community, members=False
    )
    section = cast(Map, freeze.snapshot_of(reader, selection).sections[0])
    streets = (home,) if home else scope.streets
    if "street_code" not in points:  # those around a community, wherever they lie
        points = points.assign(street_code=home)
    return replace(
        section,
        points=map_shapes.points_of(reader, points, title, streets),
        ground=map_shapes.read_basemap(reader, streets),
    )
