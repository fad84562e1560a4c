"""What the page of coverage is made of: coverage by function, level, hour and age."""

from dataclasses import replace

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue import metric as catalogue
from chunshui.catalogue.metric import Metric
from chunshui.circles import service
from chunshui.circles.coverage import ADULT_SPEED, OLDER_SPEED
from chunshui.circles.service import Question
from chunshui.ui import charts, circles_data, data, notices, opened, pictures, theme
from chunshui.ui.charts import Bar
from chunshui.ui.scope import Scope

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
HOURS = tuple(range(7, 22))
DAYS = {"周三": 3, "周六": 6}


def finding(scope: Scope) -> str:
    """Say what coverage comes to, and where it fails: which service, at which hour."""
    figures = data.figures(scope)
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


def metric(default: str) -> Metric:
    """Draw the choice of a coverage metric, bound to the URL parameter `coverage`."""
    metrics = catalogue.load_all()
    chosen = st.selectbox(
        "看哪项覆盖率",
        SHOWN,
        index=SHOWN.index(default),
        format_func=lambda one: metrics[one].name,
        key="coverage",
        bind="query-params",
    )
    return metrics[chosen]


def _question(scope: Scope, function: str | None, people: str | None = None, **more) -> Question:
    people = people or service.TARGETS.get(function, "residents")
    speed = OLDER_SPEED if people == "residents_60" else ADULT_SPEED
    asked = Question(circles_data.last_day(scope), function, people=people, speed=speed)
    return replace(service.with_minutes(asked, 10), **more)


def by_function(scope: Scope) -> charts.Drawn:
    """Draw coverage of each service among its own target group, ten minutes at their pace."""
    asked = {name: _question(scope, name) for name in service.FUNCTIONS}
    return _bars(scope, {f"{name}·{one.whose}": one for name, one in asked.items()})


def by_level(scope: Scope) -> charts.Drawn:
    """Draw coverage by level of the station, any function."""
    return _bars(
        scope,
        {f"{level}级": _question(scope, None, levels=(level,)) for level in service.LEVELS},
    )


def by_age(scope: Scope) -> charts.Drawn:
    """Draw coverage by age, each at its own pace."""
    ages = ("residents", "residents_4_59", "residents_60", "residents_0_3")
    return _bars(scope, {service.PEOPLE[one]: _question(scope, None, one) for one in ages})


def _bars(scope: Scope, asked: dict[str, Question]) -> charts.Drawn:
    rows = []
    for name, one in asked.items():
        found = circles_data.coverage(scope, one)
        rows.append(
            Bar(
                code=name,
                name=name,
                value=found.value,
                words=words.number(found.value, "%"),
                small=f"{found.text}　{found.fraction_text}<br>{one.farthest:,.0f} 米",
                street_code="",
            )
        )
    rows.sort(key=lambda bar: -(bar.value or 0))
    return charts.Drawn(
        charts.ranking(rows, average=None, average_words="", dark=pictures.is_dark())
    )


def by_hour(scope: Scope) -> charts.Drawn:
    """Draw coverage by hour on a working day and a Saturday: who finds an open door when."""
    dark = pictures.is_dark()
    colours = theme.palette(dark)
    hours = [f"{hour}点" for hour in HOURS]
    traces = []
    looks = (("周三", colours.bar, "solid", 1), ("周六", colours.accent, "4px,3px", 4))
    for day, colour, dash, named_at in looks:
        values = [
            circles_data.coverage(
                scope, _question(scope, None, weekday=DAYS[day], minute=60 * hour)
            ).value
            for hour in HOURS
        ]
        traces.append(
            {
                "type": "scatter",
                "mode": "lines+text",
                "x": hours,
                "y": values,
                "text": [day if at == named_at else "" for at in range(len(hours))],
                "textposition": "top left" if day == "周三" else "bottom right",
                "textfont": {"color": colour, "size": 13},
                "cliponaxis": False,
                "line": {"color": colour, "width": 2.4, "dash": dash},
                "hovertext": [
                    f"{day} {hour}　{words.number(value, '%')}"
                    for hour, value in zip(hours, values, strict=True)
                ],
                "hovertemplate": "%{hovertext}<extra></extra>",
                "showlegend": False,
            }
        )
    return charts.Drawn(
        {
            "data": traces,
            "layout": {
                "height": 260,
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
        ages = {"按服务对象": None, **{v: k for k, v in service.PEOPLE.items()}}
        who = st.selectbox("算谁", list(ages), key="cross_who", width=170)
    when = {"weekday": DAYS[day], "minute": 60 * hour} if day in DAYS else {}
    rows = []
    for function in (None, *service.FUNCTIONS):
        row: dict = {"功能": function or "不限功能"}
        for level in (*service.LEVELS, None):
            more = when | ({"levels": (level,)} if level else {})
            one = _question(scope, function, ages[who], **more)
            row["算谁"] = one.whose
            row[f"{level}级" if level else "各级合计"] = circles_data.coverage(scope, one).value
        rows.append(row)
    table = pd.DataFrame(rows)
    bars = {
        name: st.column_config.ProgressColumn(format="%.1f%%", min_value=0, max_value=100, color="blue")
        for name in table.columns[2:]
    }  # fmt: skip
    st.dataframe(
        table, hide_index=True, column_config=bars, height=38 * 11, alt="覆盖率：功能、层级"
    )
    st.caption(
        "十分钟：成人每秒1.2米，老年人每秒0.8米。各级相加不等于合计：一个人可以走到几级的阵地。"
    )


def left_out(scope: Scope, one: Metric) -> None:
    """List who is not covered, building by building, the most people first."""
    found = data.members(scope, one.id)
    if one.kind == "ratio":
        found = found[~found["counted"]].sort_values("denominator", ascending=False)
        found = found[found["denominator"] > 0]
    else:
        found = found[found["counted"]].sort_values("numerator", ascending=False)
    if found.empty:
        notices.empty("本范围没有漏下的。", "可换一项覆盖率或更严的算法。")
        return
    opened.members(found, one, scope, "漏下" if one.kind == "ratio" else "计入")


def places(scope: Scope) -> pd.DataFrame:
    """Return the streets, or the communities of the scope, with every coverage beside the other."""
    ids = ("circle_coverage", "circle_left_out", "circle_older", "circle_community_level",
           "circle_canteen", "circle_care", "circle_nursery", "circle_evening", "circle_walk",
           "area_per_100_households")  # fmt: skip
    street = data.home_street(scope)
    place = "community" if street else "street"
    table = None
    for one in ids:
        found = data.places(scope, one)
        found = found[found[f"{place}_code"].notna()].set_index(f"{place}_name")
        column = catalogue.get(one)
        unit = "" if column.unit == "%" else f"（{column.unit}）"
        values = found["value"].rename(f"{column.short}{unit}")
        if one == "circle_coverage":
            table = found[["fraction"]].rename(columns={"fraction": "覆盖／总数"})
            table.insert(0, values.name, values)
        else:
            table = table.join(values)
    return table.rename_axis("社区" if street else "街道").reset_index()


def place_columns(table: pd.DataFrame) -> dict:
    """Return how the columns of `places` are shown: shares as bars, the rest as numbers."""
    shares = [c for c in table.columns[1:] if "覆盖" in c and "／" not in c]
    rest = [c for c in table.select_dtypes("number").columns if c not in shares]
    return {
        c: st.column_config.ProgressColumn(
            format="%.1f%%", min_value=0, max_value=100, color="blue"
        )
        for c in shares
    } | {c: st.column_config.NumberColumn(format="%,.0f" if "居民" in c else "%.1f") for c in rest}
