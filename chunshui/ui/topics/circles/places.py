"""Where coverage fails: rankings against the norm, who is left out, all places side by side."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue import beside
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import Metric
from chunshui.drawing import theme
from chunshui.ui import charts, data
from chunshui.ui.charts import Bar, Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.shell import notices
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import tables as circles_tables
from chunshui.ui.widgets import downloads, pictures, tables
from chunshui.ui.widgets import drill as opened

SHOWN = (
    "circle_coverage",
    "circle_older",
    "circle_community_level",
    "circle_neighbourhood_level",
    "circle_street_level",
    "circle_canteen",
    "circle_care",
    "circle_nursery",
    "circle_rider",
    "circle_evening",
    "circle_backup",
    "circle_left_out",
    "circle_straight_gap",
    "circle_walk",
    "circle_canteen_places",
    "branch_support_rate",
    "area_per_100_households",
    "area_norm_rate",
)
BESIDE = ("circle_coverage", "circle_left_out", "circle_older", "circle_community_level",
          "circle_canteen", "circle_care", "circle_nursery", "circle_evening", "circle_walk",
          "area_per_100_households")  # fmt: skip
AREA = "area_per_100_households"
MOST = 10  # places in a chart of the worst


@st.cache_resource(show_spinner=False, max_entries=128)
def side_by_side(version: str, month: str, level: str) -> dict[str, pd.DataFrame]:
    """Return the page's metrics for every place of a level."""
    return beside.by_place(data.reader(version), SHOWN, month, level)


def within(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return one metric for the communities of the scope."""
    found = side_by_side(scope.version, scope.month, "community")[metric_id]
    return found[circles_data.in_scope(scope, found)]


def ranked(scope: Scope, metric_id: str) -> pd.DataFrame:
    """Return one metric for the places to rank: all streets, or the communities of the one street."""
    home = data.home_street(scope)
    found = side_by_side(scope.version, scope.month, "community" if home else "street")[metric_id]
    return found[found["street_code"] == home] if home else found


# ------------------------------------------------------------------ where


def ranking(scope: Scope, metric_id: str) -> Drawn:
    """Return the ranking of the page's metric, with the norm where one is set for it."""
    return _ranking(scope, metric_id, pictures.is_dark())


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def _ranking(scope: Scope, metric_id: str, dark: bool) -> Drawn:
    drawn = pictures.draw_ranking(scope, metric_id, dark)
    metric = catalogue.get(metric_id)
    if metric.target is None or metric.unit == "%":  # 100 % is where the bars end
        return drawn
    return Drawn(_with_norm(drawn.to_dict(), metric, dark))


def room(scope: Scope) -> None:
    """Show the area by household against the norm: by place, and where it is least or how it grew."""
    left, right = st.columns(2, gap="medium")
    metric, dark = catalogue.get(AREA), pictures.is_dark()
    left.markdown(f"**{below_norm(scope)}**")
    left.plotly_chart(
        _area(scope, False, dark), config=charts.CONFIG, alt=f"{metric.name}：排名，标准为一条竖线"
    )
    if data.home_street(scope):
        right.markdown(f"**{opened.moved(data.figure(scope, AREA))}**")
        right.plotly_chart(
            pictures.trend(scope, AREA), config=charts.CONFIG, alt=f"{metric.name}：逐月变化"
        )
    else:
        right.markdown(f"**面积最小的 {MOST} 个社区**")
        right.plotly_chart(
            _area(scope, True, dark), config=charts.CONFIG, alt=f"{metric.name}：最小的社区"
        )


def below_norm(scope: Scope) -> str:
    """Say how many communities of the scope have less area than the norm asks."""
    metric = catalogue.get(AREA)
    values = within(scope, AREA)["value"].dropna()
    if values.empty:
        return "本范围没有可计的社区"
    below = int((values < metric.target).sum())
    norm = words.number(metric.target, metric.unit)
    if not below:
        return f"{len(values):,} 个社区都不低于标准 {norm}"
    return f"{len(values):,} 个社区里 {below:,} 个低于标准 {norm}"


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def _area(scope: Scope, least: bool, dark: bool) -> Drawn:
    """Draw the area by household of the places to rank, or of the communities with the least."""
    metric = catalogue.get(AREA)
    if least:
        rows = within(scope, AREA).dropna(subset="value")
        rows = rows.sort_values("value").head(MOST)
    else:
        rows = ranked(scope, AREA)
    whole = data.figure(scope.district(), AREA)
    chosen = (scope.community,) if scope.community else scope.streets
    bars = [_bar(row, words.number(row.value), metric) for row in rows.itertuples()]
    drawn = charts.ranking(
        bars,
        average=None if least else whole.value,
        average_words=f"全区 {words.number(whole.value)}",
        chosen=chosen,
        dark=dark,
    )
    return Drawn(_with_norm(drawn, metric, dark))


def _bar(row, said: str, metric: Metric) -> Bar:
    fraction = words.fraction(
        row.numerator, row.denominator, metric.numerator_unit, metric.denominator_unit
    )
    code = row.street_code if words.is_missing(row.community_code) else row.community_code
    value = None if words.is_missing(row.value) else row.value
    return Bar(
        code=code, name=maps.short(row.place_name), value=value, words=said,
        small=f"{words.number(row.value, metric.unit)}　{fraction}", street_code=row.street_code,
    )  # fmt: skip


def _with_norm(figure: dict, metric: Metric, dark: bool) -> dict:
    """Draw the norm as a line across the bars, with its name below them."""
    colours = theme.palette(dark)
    layout = figure["layout"]
    line = {
        "type": "line", "x0": metric.target, "x1": metric.target, "yref": "paper", "y0": 0, "y1": 1,
        "line": {"color": colours.accent, "width": 1.6},
    }  # fmt: skip
    low, high = layout["xaxis"]["range"]
    high = max(high, 1.05 * metric.target)
    name = {
        "x": metric.target, "y": 0, "yref": "paper", "yanchor": "top",
        "xanchor": "left" if metric.target < 0.5 * high else "right",
        "text": f"标准 {words.number(metric.target, metric.unit)}",
        "showarrow": False, "font": {"size": 12, "color": colours.accent},
    }  # fmt: skip
    return figure | {
        "layout": layout
        | {
            "height": layout["height"] + 18,
            "margin": layout["margin"] | {"b": 22},
            "xaxis": layout["xaxis"] | {"range": [low, high]},
            "shapes": [*layout.get("shapes", ()), line],
            "annotations": [*layout.get("annotations", ()), name],
        }
    }


# ------------------------------------------------------------------ who is left out


def worst(scope: Scope, metric: Metric) -> None:
    """Show the communities where most people are left out, where people are counted."""
    drawn = _worst(scope, metric.id, pictures.is_dark())
    if drawn is None:
        return
    st.markdown(f"**{'漏下' if fails(metric) else '计入'}最多的社区**（{_people(metric)}）")
    st.plotly_chart(drawn, config=charts.CONFIG, alt=f"{metric.name}：漏下最多的社区")


def fails(metric: Metric) -> bool:
    """Whether those not counted are who is left out; of some metrics it is those counted."""
    return metric.kind == "ratio" and metric.direction == "up"


def _people(metric: Metric) -> str:
    return metric.denominator_unit or metric.unit


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def _worst(scope: Scope, metric_id: str, dark: bool) -> Drawn | None:
    metric = catalogue.get(metric_id)
    if metric.kind == "quantile" or metric.unit not in ("%", "人"):
        return None
    found = within(scope, metric_id)
    found = found.assign(people=found["rest"] if fails(metric) else found["numerator"])
    found = found[found["people"] > 0].sort_values("people", ascending=False).head(MOST)
    if found.empty:
        return None
    bars = [
        replace(_bar(row, words.number(row.people), metric), value=row.people)
        for row in found.itertuples()
    ]
    drawn = charts.ranking(bars, average=None, average_words="", dark=dark)
    drawn["layout"]["height"] = charts.BAR_PX * len(bars) + 12  # few bars are not fat ones
    return Drawn(drawn)


def left_out(scope: Scope, metric: Metric) -> None:
    """List who is not covered, building by building, the most people first."""
    found = data.members(scope, metric.id)
    count = "denominator" if fails(metric) else "numerator"
    found = found[(found["counted"] != fails(metric)) & (found[count] > 0)]
    if found.empty:
        notices.empty("本范围没有漏下的。", "可换一项覆盖率或更严的算法。")
        return
    found = found.sort_values(count, ascending=False)
    table = tables.member_table(found, ratio=metric.kind == "ratio")
    told = f"共 {len(table):,} 条"
    if len(table) > tables.SHOWN:
        told += f"，这里列出前 {tables.SHOWN} 条，下载的文件里是全部"
    st.caption(f"{told}，多的在前。")
    number = words.label(count) if metric.kind == "ratio" else "数值"
    looks = circles_tables.columns(table.drop(columns=words.label("source_row")), [])
    looks[number] = st.column_config.NumberColumn(
        f"{'漏下' if fails(metric) else '计入'}（{_people(metric)}）", format="localized"
    )
    first = [words.label(one) for one in ("entity_name", "street_name", "community_name")]
    rest = [words.label(one) for one in ("reason", "file_name", "source_row")]
    st.dataframe(
        table.head(tables.SHOWN),
        hide_index=True,
        height=circles_tables.height(len(table)),
        column_order=[c for c in (*first, number, *rest) if c in table.columns],
        column_config=looks,
        alt=f"{metric.name}漏下名单",
    )
    downloads.offer(
        table,
        f"{metric.name}_漏下",
        scope,
        key=f"{metric.id}_left_out",
        label="下载漏下名单",
        source=downloads.ledgers(scope, metric),
        shapes=downloads.points(scope, found),
    )


# ------------------------------------------------------------------ all places


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def places(scope: Scope) -> pd.DataFrame:
    """Return the streets, or the communities of the scope, with every coverage beside the other."""
    level = "community" if data.home_street(scope) else "street"
    first, metric = ranked(scope, BESIDE[0]), catalogue.get(BESIDE[0])
    table = {words.label(f"{level}_name"): first["place_name"].tolist()}
    whole = side_by_side(scope.version, scope.month, level)
    for one in BESIDE:
        found = whole[one]
        values = dict(zip(found[f"{level}_code"], found["value"], strict=True))
        other = catalogue.get(one)
        unit = "" if other.unit == "%" else f"（{other.unit}）"
        table[f"{other.short}{unit}"] = [values[code] for code in first[f"{level}_code"]]
    table["覆盖／总数"] = [
        words.fraction(n, d, metric.numerator_unit, metric.denominator_unit)
        for n, d in zip(first["numerator"], first["denominator"], strict=True)
    ]
    return pd.DataFrame(table)


def columns(table: pd.DataFrame) -> dict:
    """Return how the columns of `places` are shown; the place stays in sight."""
    shares = [catalogue.get(one).short for one in BESIDE if catalogue.get(one).unit == "%"]
    return circles_tables.columns(table, shares) | {
        table.columns[0]: st.column_config.TextColumn(pinned=True)
    }
