"""Charts of coverage: by function, level, hour and age; where it fails; the norm of the area."""

import streamlit as st

from chunshui import words
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.wording import trend_sentence
from chunshui.drawing import theme
from chunshui.ui import charts, data
from chunshui.ui.charts import Bar, Drawn
from chunshui.ui.charts.base import HOVER, axis, layout, upright
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import AREA, DAYS, HOURS, WORST, counts_covered
from chunshui.ui.topics.circles.finding import least_words, of_area
from chunshui.ui.widgets import pictures

# ------------------------------------------------------------------ by function, level, age, hour


@pictures.kept
def split(scope: Scope, by: str, dark: bool) -> Drawn:
    """Return coverage by 功能, 层级 or 年龄, the best on top."""
    bars = []
    for name, question in circles_data.split_questions(scope, by).items():
        coverage = circles_data.coverage(scope, question)
        bars.append(
            Bar(
                code=name,
                name=name,
                value=coverage.value,
                words=words.number(coverage.value, "%"),
                small=f"{coverage.text}　{coverage.fraction_text}<br>{question.farthest_m:,.0f}米",
                street_code="",
            )
        )
    bars.sort(key=lambda bar: -(bar.value or 0))
    return Drawn(charts.ranking(bars, average=None, average_words="", dark=dark))


@pictures.kept
def by_hour(scope: Scope, dark: bool) -> Drawn:
    """Return coverage by hour on a working day and a Saturday."""
    colours = theme.palette(dark)
    names = [f"{hour}点" for hour in HOURS]
    shares = {
        day: [
            circles_data.coverage(scope, question).value
            for question in circles_data.hour_questions(scope, day)
        ]
        for day in DAYS
    }
    # In the morning, when doors open one after another, the lines lie farthest apart.
    first, second = ([share or 0 for share in line] for line in shares.values())
    named = max(range(len(HOURS) // 3), key=lambda at: abs(first[at] - second[at]))
    above = first[named] >= second[named]
    traces = [
        {
            "type": "scatter",
            "mode": "lines+text",
            "x": names,
            "y": shares[day],
            "text": [f"<b>{day}</b>" if at == named else "" for at in range(len(names))],
            "textposition": "top left" if (day == "周三") == above else "bottom right",
            "textfont": {"color": colours.ink, "size": 13, "shadow": colours.halo},
            "cliponaxis": False,
            "line": {"color": colour, "width": 2.4, "dash": dash},
            "hovertext": [
                f"{day} {hour}　{words.number(share, '%')}"
                for hour, share in zip(names, shares[day], strict=True)
            ],
            "showlegend": False,
            **HOVER,
        }
        for day, colour, dash in (
            ("周三", colours.bar, "solid"),
            ("周六", colours.accent, "4px,3px"),
        )
    ]
    shares_axis = axis(range=[0, 104], ticksuffix="%", zeroline=False, nticks=5)
    hours_axis = axis(type="category", showgrid=False, nticks=8)
    axes = {"xaxis": hours_axis, "yaxis": shares_axis}
    return Drawn({"data": traces, "layout": layout(colours, 278, (4, 20, 22, 4), **axes)})


# ------------------------------------------------------------------ where


@pictures.kept
def ranking(scope: Scope, metric_id: str, dark: bool) -> Drawn:
    """Return the ranking of the page's metric, with the norm where one is set for it."""
    drawn, metric = pictures.ranking(scope, metric_id, dark=dark), get_metric(metric_id)
    if metric.target is None or metric.unit == "%":  # 100 % is where the bars end
        return drawn
    return Drawn(_with_norm(drawn.to_dict(), metric, metric.target, dark))


def draw_area(scope: Scope) -> None:
    """Draw the area by household against the norm: by place, and where it is least or how it grew."""
    left, right = st.columns(2, gap="medium")
    name = get_metric(AREA).name
    left.markdown(f"**{of_area(scope)}**")
    by_place = _area(scope, False)
    left.plotly_chart(by_place, config=charts.CONFIG, alt=f"{name}：排名，标准为一条竖线")
    if data.home_street(scope):
        right.markdown(f"**{trend_sentence(data.figure(scope, AREA), 12)}**")
        trend = pictures.trend(scope, AREA)
        right.plotly_chart(trend, config=charts.CONFIG, alt=f"{name}：逐月变化")
    else:
        right.markdown(f"**{least_words(scope)}**")
        least = _area(scope, True)
        right.plotly_chart(least, config=charts.CONFIG, alt=f"{name}：最小的社区")


@pictures.kept
def _area(scope: Scope, least: bool, dark: bool) -> Drawn:
    """Return the area by household of the places to rank, or of the communities with the least."""
    metric = get_metric(AREA)
    if least:
        rows = circles_data.judged(circles_data.communities(scope, AREA))
        rows = rows.sort_values("value").head(WORST)
    else:
        rows = circles_data.ranked_places(scope, AREA)
    whole = data.figure(scope.district(), AREA)
    figure = charts.ranking(
        [_bar(row, row.value, metric) for row in rows.itertuples()],
        average=None if least else whole.value,
        average_words=f"全区{words.number(whole.value)}",
        chosen=(scope.community,) if scope.community else scope.streets,
        dark=dark,
    )
    return Drawn(_with_norm(figure, metric, metric.target or 0.0, dark))


def _bar(row, value: float | None, metric: Metric) -> Bar:
    """Return the bar of a place: `value` is drawn, the metric's own stands in the hover."""
    return Bar(
        code=row.place_code,
        name=short_name(row.place_name),
        value=None if words.is_missing(value) else value,
        words=words.number(value),
        small=f"{row.text}　{row.fraction or words.MISSING}",
        street_code=row.street_code,
    )


def _with_norm(figure: dict, metric: Metric, norm: float, dark: bool) -> dict:
    """Return a ranking with the norm as a line across the bars, its name below them."""
    accent, whole = theme.palette(dark).accent, figure["layout"]
    line = upright(norm, accent, 1.6) | {"layer": "above"}
    low, high = whole["xaxis"]["range"]
    high = max(high, 1.05 * norm)
    name = {
        "x": norm, "y": 0, "yref": "paper", "yanchor": "top",
        "xanchor": "left" if norm < 0.5 * high else "right",
        "text": f"标准{words.bound(norm, metric.unit)}",
        "showarrow": False, "font": {"size": 12, "color": accent},
    }  # fmt: skip
    return figure | {
        "layout": whole
        | {
            "height": whole["height"] + 18,
            "margin": whole["margin"] | {"b": 22},
            "xaxis": whole["xaxis"] | {"range": [low, high]},
            "shapes": [*whole.get("shapes", ()), line],
            "annotations": [*whole.get("annotations", ()), name],
        }
    }


def draw_worst(scope: Scope, metric: Metric) -> None:
    """Draw the communities where most people are left out, where people are counted."""
    if metric.kind == "quantile" or metric.unit not in ("%", "人"):
        return
    drawn, people = _worst(scope, metric.id)
    if drawn is None:
        return
    counted = "漏下" if counts_covered(metric) else "计入"
    more = people - WORST
    cut = f"，另有{more}个社区" if more > 0 else ""
    st.markdown(f"**{counted}最多的社区**（{metric.denominator_unit or metric.unit}{cut}）")
    st.plotly_chart(drawn, config=charts.CONFIG, alt=f"{metric.name}：漏下最多的社区")


@pictures.kept
def _worst(scope: Scope, metric_id: str, dark: bool) -> tuple[Drawn | None, int]:
    """Return the communities with most people left out (or counted), and how many have any."""
    metric = get_metric(metric_id)
    every = circles_data.communities(scope, metric_id)
    every = every.assign(people=every["rest" if counts_covered(metric) else "numerator"])
    every = every[every["people"] > 0].sort_values("people", ascending=False)
    if every.empty:
        return None, 0
    rows = every.head(WORST)
    bars = [_bar(row, row.people, metric) for row in rows.itertuples()]
    figure = charts.ranking(bars, average=None, average_words="", dark=dark)
    figure["layout"]["height"] = charts.BAR_PX * len(bars) + 12  # few bars are not fat ones
    return Drawn(figure), len(every)
