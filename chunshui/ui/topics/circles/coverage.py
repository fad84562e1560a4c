"""What the page of coverage is made of: coverage by function, level, hour and age."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import Metric
from chunshui.catalogue.runner import Figure
from chunshui.circles.question import (
    ADULT_SPEED,
    FUNCTIONS,
    LEVELS,
    OLDER_SPEED,
    PEOPLE,
    TARGETS,
    Question,
)
from chunshui.drawing import theme
from chunshui.ui import charts, data
from chunshui.ui.charts import Bar, Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.circles import controls as circles_controls
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import places as circles_places
from chunshui.ui.topics.circles import tables as circles_tables
from chunshui.ui.widgets import pictures

FIRST = "circle_coverage"  # what both pages show unasked
HOURS = tuple(range(7, 22))
DAYS = {"周三": 3, "周六": 6}


def figures(scope: Scope) -> dict[str, Figure]:
    """Return the figures of the page by id."""
    return data.some(scope, circles_places.SHOWN)


def finding(figures: dict[str, Figure], scope: Scope) -> str:
    """Say what coverage comes to, and where it fails: which service, at which hour."""
    whole = figures["circle_coverage"]
    if whole.value is None:
        return f"{scope.words}算不出步行覆盖率：{whole.reason}"
    found = [figures[one] for one in ("circle_canteen", "circle_care", "circle_nursery")]
    found = [one for one in found if one.value is not None]
    said = f"{scope.words} {whole.text} 的居民十分钟走得到一处阵地"
    if found:
        worst = min(found, key=lambda one: one.value)
        said += f"，但{worst.metric.name}只有 {worst.text}"
    evening = figures["circle_evening"]
    if evening.value is not None:
        said += f"，周三19点还开着门、走得到的只剩 {evening.text}"
    return f"{said}。"


def metric() -> Metric:
    """Draw the choice of a coverage metric, bound to the URL parameter `coverage`."""
    metrics = catalogue.load_all()
    chosen = st.selectbox(
        "看哪项覆盖率",
        circles_places.SHOWN,
        index=circles_places.SHOWN.index(FIRST),
        format_func=lambda one: metrics[one].name,
        key="coverage",
        bind="query-params",
    )
    return metrics[chosen]


def _question(scope: Scope, function: str | None, people: str | None = None, **more) -> Question:
    people = people or TARGETS.get(function, "residents")
    speed = OLDER_SPEED if people == "residents_60" else ADULT_SPEED
    asked = Question(circles_data.last_day(scope), function, people=people, speed=speed)
    return replace(asked.with_minutes(10), **more)


def functions(scope: Scope) -> dict[str, Question]:
    """Return the question of each service: its own target group, ten minutes at their pace."""
    asked = {name: _question(scope, name) for name in FUNCTIONS}
    return {f"{name}·{one.whose}": one for name, one in asked.items()}


def levels(scope: Scope) -> dict[str, Question]:
    """Return the question of each level of station, any function."""
    return {f"{one}级": _question(scope, None, levels=(one,)) for one in LEVELS}


def ages(scope: Scope) -> dict[str, Question]:
    """Return the question of each age, at its own pace."""
    known = ("residents", "residents_4_59", "residents_60", "residents_0_3")
    return {PEOPLE[one]: _question(scope, None, one) for one in known}


def hours(scope: Scope, day: str) -> list[Question]:
    """Return the question of each hour of a day: who finds an open door then."""
    return [_question(scope, None, weekday=DAYS[day], minute=60 * hour) for hour in HOURS]


SPLITS = {"功能": functions, "层级": levels, "年龄": ages}


def prepare(version: str) -> None:
    """Answer ahead what the pages of circles and coverage ask of the whole district, month by month.

    The questions are asked for all months at once: a change of the month finds them answered.
    """
    scopes = [Scope(version, month) for month in data.months(version)]
    asked = [one for split in SPLITS.values() for one in split(scopes[0]).values()]
    circles_data.prepare(version, asked + [one for day in DAYS for one in hours(scopes[0], day)])
    for scope in scopes:
        for level in ("street", "community"):
            circles_places.side_by_side(version, scope.month, level)
        data.by_street(scope, FIRST)
        data.by_community(scope, FIRST)
        first = _question(scope, None)
        circles_data.bands(version, first, circles_controls.limits(first))


def bars(scope: Scope, split: str) -> Drawn:
    """Draw coverage by one of the splits, the best on top."""
    return _bars(scope, split, pictures.is_dark())


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def _bars(scope: Scope, split: str, dark: bool) -> Drawn:
    rows = []
    for name, one in SPLITS[split](scope).items():
        found = circles_data.coverage(scope, one)
        rows.append(
            Bar(
                code=name,
                name=name,
                value=found.value,
                words=words.number(found.value, "%"),
                small=f"{found.text}　{found.fraction_text}<br>{one.farthest_m:,.0f} 米",
                street_code="",
            )
        )
    rows.sort(key=lambda bar: -(bar.value or 0))
    return Drawn(charts.ranking(rows, average=None, average_words="", dark=dark))


def by_hour(scope: Scope) -> Drawn:
    """Draw coverage by hour on a working day and a Saturday."""
    return _by_hour(scope, pictures.is_dark())


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=data.BY_KEY)
def _by_hour(scope: Scope, dark: bool) -> Drawn:
    colours = theme.palette(dark)
    names = [f"{hour}点" for hour in HOURS]
    found = {
        day: [circles_data.coverage(scope, one).value for one in hours(scope, day)] for day in DAYS
    }
    # In the morning, when doors open one after another, the lines lie farthest apart.
    apart = [abs((a or 0) - (b or 0)) for a, b in zip(*found.values(), strict=True)]
    named = max(range(len(HOURS) // 3), key=apart.__getitem__)
    first, second = found.values()
    above = (first[named] or 0) >= (second[named] or 0)
    traces = [
        {
            "type": "scatter",
            "mode": "lines+text",
            "x": names,
            "y": found[day],
            "text": [f"<b>{day}</b>" if at == named else "" for at in range(len(names))],
            "textposition": "top left" if (day == "周三") == above else "bottom right",
            "textfont": {"color": colour, "size": 13},
            "cliponaxis": False,
            "line": {"color": colour, "width": 2.4, "dash": dash},
            "hovertext": [
                f"{day} {hour}　{words.number(value, '%')}"
                for hour, value in zip(names, found[day], strict=True)
            ],
            "hovertemplate": "%{hovertext}<extra></extra>",
            "showlegend": False,
        }
        for day, colour, dash in (
            ("周三", colours.bar, "solid"),
            ("周六", colours.accent, "4px,3px"),
        )
    ]
    return Drawn(
        {
            "data": traces,
            "layout": {
                "height": 278,
                "margin": {"l": 4, "r": 20, "t": 22, "b": 4},
                "dragmode": False,
                "font": {"family": theme.FONT, "color": colours.ink, "size": 12},
                "xaxis": {"type": "category", "fixedrange": True, "showgrid": False, "nticks": 8},
                "yaxis": {"fixedrange": True, "range": [0, 104], "ticksuffix": "%",
                          "zeroline": False, "nticks": 5},
            },
        }
    )  # fmt: skip


def cross(scope: Scope) -> None:
    """Show coverage of every function at every level, at an hour and for an age of choice."""
    with st.container(horizontal=True, gap="small"):
        day = st.selectbox("哪一天", ("不限时间", *DAYS), key="cross_day", width=140)
        hour = st.selectbox(
            "几点", HOURS, index=12, format_func=lambda one: f"{one}点", key="cross_hour", width=110,
            disabled=day not in DAYS,
        )  # fmt: skip
        ages = {"按服务对象": None, **{v: k for k, v in PEOPLE.items()}}
        who = st.selectbox("算谁", list(ages), key="cross_who", width=170)
    when = {"weekday": DAYS[day], "minute": 60 * hour} if day in DAYS else {}
    rows = []
    for function in (None, *FUNCTIONS):
        row: dict = {"功能": function or "不限功能"}
        for level in (*LEVELS, None):
            more = when | ({"levels": (level,)} if level else {})
            one = _question(scope, function, ages[who], **more)
            row["算谁"] = one.whose
            row[f"{level}级" if level else "各级合计"] = circles_data.coverage(scope, one).value
        rows.append(row)
    table = pd.DataFrame(rows)
    st.dataframe(
        table,
        hide_index=True,
        column_config=circles_tables.columns(table, list(table.columns[2:])),
        height=circles_tables.height(len(table)),
        alt="覆盖率：功能、层级",
    )
    st.caption(
        "十分钟：成人每秒1.2米，老年人每秒0.8米。各级相加不等于合计：一个人可以走到几级的阵地。"
    )
