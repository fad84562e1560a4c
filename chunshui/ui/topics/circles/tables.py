"""Lists of circles and coverage: who is left out, one station, one door, all places side by side."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from html import escape
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue import figure
from chunshui.catalogue.bands import shade_words
from chunshui.catalogue.by_place import values_of_places
from chunshui.catalogue.metric import Metric, get_metric
from chunshui.catalogue.wording import mend_sentence
from chunshui.circles import stations
from chunshui.circles.question import FUNCTIONS, LEVELS, PEOPLE, Question
from chunshui.drawing import theme
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.land import short_name
from chunshui.ui.shell import filters, notices
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import taken
from chunshui.ui.topics.circles.data import DAYS, HOURS, METRIC, SHARE_CLASSES, Answer
from chunshui.ui.topics.circles.finding import (
    of_circles,
    of_left_out,
    opening_hours,
    question_words,
    walk_words,
)
from chunshui.ui.widgets import downloads, lists, tables
from chunshui.ui.widgets.pictures import is_dark

SIDE_BY_SIDE = (METRIC, "circle_left_out", "circle_older", "circle_community_level",
                "circle_canteen", "circle_care", "circle_nursery", "circle_evening", "circle_walk",
                circles_data.AREA)  # fmt: skip
_PRINTED = """
body { font-family: 'Noto Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif; margin: 2cm; }
h1 { font-size: 16pt; } p { font-size: 10pt; color: #444; }
table { border-collapse: collapse; width: 100%; font-size: 12pt; }
th, td { border-bottom: 1px solid #999; padding: 5pt 6pt; text-align: left; vertical-align: top; }
@page { size: A4; margin: 1.5cm; } @media print { body { margin: 0; } }
"""


def draw(
    table: pd.DataFrame,
    alt: str,
    shares: Sequence[str] = (),
    most: int = 430,
    written: Mapping[str, Callable[[float], str]] | None = None,
    **others,
) -> None:
    """Draw the first rows of a table, its numbers as they are written everywhere.

    `shares` are its columns of percentages, shaded by class, the worst strongest; `written` says
    how the numbers of a column are written where it is not as a plain number or share.
    """
    forms = {
        c: words.percent if c in shares else words.plain for c in table.select_dtypes("number")
    }
    tables.draw(
        table,
        alt,
        forms=forms | dict(written or {}),
        shades=dict.fromkeys(shares, _fill(is_dark())),
        most_px=most,
        **others,
    )


@cache
def _fill(dark: bool) -> Callable[[float], str]:
    return partial(_shade, theme.palette(dark))


def _shade(colours: theme.Palette, share: float) -> str:
    """Return the style of a cell with a share."""
    number = SHARE_CLASSES.of(share)
    if number is None:
        return ""
    fill = colours.bands[SHARE_CLASSES.strengths[number]]
    return f"background-color: {fill}; color: {colours.ink_on(fill)}"


# ------------------------------------------------------------------ beside the map


def draw_beside_map(
    scope: Scope, answer: Answer, station: int | None, building: int | None
) -> None:
    """Draw what belongs to the choice: a building, a station, a community, or who is left out."""
    _bring(scope, answer)
    if building is not None:
        draw_nearest_to_building(scope, answer, building)
    elif station is not None:
        draw_station(scope, answer, station)
    elif scope.community:
        draw_nearest_to_community(scope, answer, scope.community)
    else:
        draw_left_out(scope, answer)


def _bring(scope: Scope, answer: Answer) -> None:
    """Let a meeting take the question with its answer, community by community, and the map."""
    question = answer.question
    coverage = circles_data.coverage(scope, question)
    rows = coverage.communities
    table = pd.DataFrame(
        {
            "社区": rows["community_name"],
            "街道": rows["street_name"],
            f"走不到（{question.unit}）": rows["rest"].astype(int),
            "覆盖率": [words.percent(value) for value in rows["value"]],
            "覆盖／总数": rows["fraction"],
        }
    )
    title = f"步行圈_{question_words(question)}"
    number = coverage.text, f"的{question.whose}走得到{question.what}"
    finding = of_circles(scope, question, coverage)
    downloads.seen(table, title, scope, finding, number)
    picture = partial(taken.frozen_map, scope, answer)
    title = f"地图_步行到最近的{question.what}_{question_words(question)}"
    downloads.seen(table, title, scope, picture=picture)


def draw_left_out(scope: Scope, answer: Answer) -> None:
    """List the communities whose people cannot walk there, the most people first; a row opens who."""
    question = answer.question
    rows = circles_data.coverage(scope, question).communities
    rows = rows[rows["rest"] > 0]
    if rows.empty:
        notices.empty("本范围居民都走得到。", "可换一个层级、时间或更近的标准。")
        return
    st.markdown(f"**走不到的人在哪里**（{len(rows):,}个社区，按人数排；点一行看是哪些楼）")
    table = pd.DataFrame(
        {
            "社区": rows["community_name"],
            "街道": rows["street_name"].map(short_name),
            f"走不到（{question.unit}）": rows["rest"].astype(int),
            "覆盖率": rows["value"],
            "覆盖／总数": rows["fraction"],
        }
    )
    seen = list(table.columns[:-1])  # the last has no room beside the map
    labels, codes = filters.community_labels(data.district(scope.edition)), rows["community_code"]

    def address_of(row: int) -> str:
        return filters.address(scope, open=filters.LEFT_OUT, of=labels[codes.iloc[row]])

    leads = lists.leading("left_out", address_of)
    draw(table, "走不到的人所在的社区", ["覆盖率"], column_order=seen, **leads)
    _draw_way_to_buildings(scope, question)
    written = table.assign(覆盖率=rows["value"].map(words.percent))
    people = f"{rows['rest'].sum():,.0f}{question.unit}"
    number = people, f"{question.whose}走不到{question.what}"
    title, finding = f"圈外居民_{question_words(question)}", of_left_out(question, rows)
    _offer(written, title, scope, finding=finding, number=number)


def _draw_way_to_buildings(scope: Scope, question: Question) -> None:
    """Draw the button that lists the buildings of the scope from which one cannot walk there."""
    if circles_data.coverage(scope, question).rest:
        st.button(
            "逐栋看走不到的楼",
            icon=":material/list:",
            on_click=filters.go,
            args=(filters.address(scope, open=filters.LEFT_OUT),),
        )


def draw_station(scope: Scope, answer: Answer, station: int) -> None:
    """Show one station: who is inside, what is open, and load against capacity."""
    circles, question = answer.circles, answer.question
    row = circles.stations.iloc[station]
    st.markdown(f"**{row['station_name']}**　{row['level']}级，{row['area_m2']:,.0f}平方米")
    if pd.notna(row["lost"]):
        notices.empty(f"这处阵地{row['lost']}（{row['lost_metres']:,.0f}米），没有步行圈。", "")
        return
    if not answer.answering[station]:
        st.info("它不在当前条件（功能、层级、时间、月份）的阵地里。", icon=":material/info:")
    inside = stations.buildings_near(circles, station, question)
    with st.grid(3, min_column_width=100, gap="small"):
        st.metric("圈内居民", f"{inside['residents'].sum():,}")
        st.metric("60岁及以上", f"{inside['residents_60'].sum():,}")
        st.metric("0–3岁", f"{inside['residents_0_3'].sum():,}")
    st.markdown(f":small[开放时间：{_hours(answer, row['station_id'])}]")
    offers = circles.functions[circles.functions["station_id"] == row["station_id"]]
    names = [
        f"{one.function}"
        f"{'' if pd.isna(one.capacity_per_day) else f'（每日{one.capacity_per_day:,.0f}人次）'}"
        for one in offers.itertuples()
    ]
    st.markdown(f":small[功能：{'、'.join(names) or '没有登记'}]")
    if question.function:
        st.markdown(_load_words(answer, station))
    elif len(offers):
        st.markdown(":small[在上面选一项功能，可看它的容量够不够用。]")
    st.markdown(f":small[步行{walk_words(question)}以内的楼，近的在前：]")
    table = pd.DataFrame(
        {
            "楼栋": inside["building_name"],
            "社区": inside["community_name"],
            "步行（米）": inside["metres"].round().astype(int),
            "居民（人）": inside["residents"],
        }
    )
    draw(table, "圈内的楼", most=220)
    name, people = row["station_name"], f"{inside['residents'].sum():,}人"
    finding = f"{name}步行{walk_words(question)}以内有{len(inside):,}栋楼，住着{people}"
    number = people, f"步行{walk_words(question)}以内走得到{name}"
    _offer(table, f"{name}_圈内楼栋", scope, finding=finding, number=number, names=(name,))


def _load_words(answer: Answer, station: int) -> str:
    rows, question = answer.loads, answer.question
    loads = rows[(rows["station"] == station) & rows["capacity"].notna() & rows["people"].notna()]
    if loads.empty:
        return f":small[{question.function}的容量没有登记，或没有人走得到，算不出忙闲。]"
    load = loads.iloc[0]
    middle = rows["per_hundred"].replace(0, np.nan).median()
    busy = "偏忙" if load["per_hundred"] < middle else "有余"
    return (
        f"{question.function}：每日 **{load['capacity']:,.0f}** 人次，按远近分到约 "
        f"**{load['people']:,.0f}** 名{question.whose}，每百人 **{load['per_hundred']:,.1f}** 人次"
        f"（各处中位数{middle:,.1f}，{busy}）。"
    )


def draw_nearest_to_building(scope: Scope, answer: Answer, building: int) -> None:
    """List the stations nearest to one building, to be printed."""
    circles, question = answer.circles, answer.question
    row = circles.buildings.iloc[building]
    title = f"{row['community_name']}{row['building_name']}：最近的{question.what}"
    st.markdown(f"**{title}**")
    if pd.notna(row["lost"]):
        notices.empty(
            f"这栋楼{row['lost']}（离最近的路{row['lost_metres']:,.0f}米），走不到任何阵地。",
            "请核对楼栋坐标，或补画到它的路。",
        )
        return
    rows = stations.nearest_to_building(circles, building, question)
    if rows.empty:
        notices.empty(f"步行1,500米以内没有{question.what}。", "")
        return
    _draw_short_list(scope, answer, title, rows)


def draw_nearest_to_community(scope: Scope, answer: Answer, community: str) -> None:
    """List the stations nearest to the people of a community, to be printed."""
    circles, question = answer.circles, answer.question
    title = f"{scope.words}：走得到的{question.what}"
    st.markdown(f"**{title}**")
    lost = circles.buildings.loc[circles.buildings["community_code"] == community, "lost"]
    if lost.empty:
        notices.empty("这个社区没有登记住宅楼，量不出步行距离。", "请在楼栋台账里补登。")
        return
    if lost.notna().all():
        notices.empty(
            f"这个社区登记的{len(lost):,}栋楼都接不上步行路网，走不到任何阵地，量不出步行距离。",
            "请核对楼栋坐标，或补画到它们的路。",
        )
        _draw_way_to_buildings(scope, question)
        return
    rows = stations.nearest_to_community(circles, community, question)
    straight = stations.nearest_straight(circles, community, question)
    nearest = "" if straight is None else (
        f"直线最近的是{straight['station_name']}（{straight['metres']:,.0f}米）"
    )  # fmt: skip
    if rows.empty:
        near = straight is not None and straight["metres"] <= 1500
        way = f"{nearest}，但要绕过铁路、河流或围墙。" if near else ""
        notices.empty(f"步行1,500米以内没有{question.what}。", way)
        _draw_way_to_buildings(scope, question)
        return
    if not rows["people"].any():
        notices.empty(
            f"没有一栋楼在步行{walk_words(question)}以内走得到{question.what}。", f"{nearest}。"
        )
    _draw_short_list(scope, answer, title, rows)
    _draw_way_to_buildings(scope, question)


def _draw_short_list(scope: Scope, answer: Answer, title: str, rows: pd.DataFrame) -> None:
    walks = zip(rows["metres"], rows["minutes"], strict=True)
    shown = {
        "阵地": rows["station_name"],
        "步行": [f"{metres:,.0f}米／{minutes:.0f}分钟" for metres, minutes in walks],
    }
    if "people" in rows:
        shown[f"圈内{answer.question.whose}"] = rows["people"].astype(int)
    shown["开放时间"] = [_hours(answer, station) for station in rows["station_id"]]
    table = pd.DataFrame(shown)
    draw(table, title, height="auto")
    if "people" in rows:
        st.caption("步行为本社区各楼的中位数。")
    nature = data.manifest(scope.edition).nature
    downloads.button(
        "打印短清单",
        partial(_printed, title, table, scope, nature, answer.question.speed),
        f"{title}_{scope.month}.html",
        "text/html",
        icon=":material/print:",
        version=scope.version,
    )


def _printed(title: str, table: pd.DataFrame, scope: Scope, nature: str, speed: float) -> bytes:
    """Return a table as a page to print: one HTML file that needs nothing but itself."""
    heads = "".join(f"<th>{escape(str(column))}</th>" for column in table.columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>"
        for row in table.itertuples(index=False)
    )
    mark = f"<p><b>{words.DEMONSTRATION}</b></p>" if nature == "演示" else ""
    return (
        f"<!doctype html><html lang='zh-CN'><meta charset='utf-8'><title>{escape(title)}</title>"
        f"<style>{_PRINTED}</style><h1>{escape(title)}</h1>{mark}"
        f"<table><tr>{heads}</tr>{rows}</table>"
        f"<p>步行距离按路网量，两头门前的路都计入；步速每秒{speed:g}米。"
        f"截至{Month.parse(scope.month).words}，数据版本{scope.version}。</p></html>"
    ).encode()


def _hours(answer: Answer, station_id: str) -> str:
    hours = answer.circles.hours
    return opening_hours(hours[hours["station_id"] == station_id])


def _offer(table: pd.DataFrame, title: str, scope: Scope, **told: Any) -> None:
    downloads.offer(table, title, scope, key="circles", label="下载表格", **told)


# ------------------------------------------------------------------ the page of coverage


def draw_cross(scope: Scope) -> None:
    """Show coverage of every function at every level, at an hour and for an age of choice."""
    with st.container(horizontal=True, gap="small"):
        day = st.selectbox("哪一天", ("不限时间", *DAYS), key="cross_day", width=140)
        hour = st.selectbox(
            "几点", HOURS, index=12, format_func=lambda one: f"{one}点", key="cross_hour", width=110,
            disabled=day not in DAYS,
        )  # fmt: skip
        ages = {"按服务对象": None, **{name: column for column, name in PEOPLE.items()}}
        who = st.selectbox("算谁", list(ages), key="cross_who", width=170)
    when = {"weekday": DAYS[day], "minute": 60 * hour} if day in DAYS else {}
    rows = []
    for function in (None, *FUNCTIONS):
        row: dict = {"功能": function or "不限功能"}
        for level in (*LEVELS, None):
            levels = {"levels": (level,)} if level else {}
            question = circles_data.ten_minutes(scope, function, ages[who], **when, **levels)
            share = circles_data.coverage(scope, question).value
            row |= {"算谁": question.whose, f"{level}级" if level else "各级合计": share}
        rows.append(row)
    table = pd.DataFrame(rows)
    draw(table, "覆盖率：功能、层级", table.columns[2:])
    st.caption(
        "十分钟：成人每秒1.2米，老年人每秒0.8米。各级相加不等于合计：一个人可以走到几级的阵地。"
    )


def draw_members_left_out(scope: Scope, metric: Metric) -> None:
    """List who is not covered, building by building, the most people first."""
    members, fails = data.members(scope, metric.id), circles_data.counts_covered(metric)
    count = "denominator" if fails else "numerator"
    members = members[(members["counted"] != fails) & (members[count] > 0)]
    if members.empty:
        notices.empty("本范围没有漏下的。", "可换一项覆盖率或更严的算法。")
        return
    members = members.sort_values(count, ascending=False)
    table = tables.member_table(members, metric)
    how_many = f"共{len(table):,}条"
    if len(table) > tables.SHOWN:
        how_many += f"，这里列出前{tables.SHOWN}条，下载的文件里是全部"
    st.caption(f"{how_many}，多的在前。")
    number = words.label(count) if metric.kind == "ratio" else "数值"
    head = f"{'漏下' if fails else '计入'}（{metric.denominator_unit or metric.unit}）"
    looks = {
        number: st.column_config.NumberColumn(head),
        words.label("source_row"): st.column_config.NumberColumn(format="%d"),
    }
    first = [words.label(one) for one in ("entity_name", "street_name", "community_name")]
    rest = [words.label(one) for one in ("reason", "file_name", "source_row")]
    order = [c for c in (*first, number, *rest) if c in table.columns]
    draw(table, f"{metric.name}漏下名单", column_order=order, column_config=looks)
    said = mend_sentence(metric, list(members["entity_name"]))
    downloads.offer_members(table, members, scope, metric, "漏下", f"{metric.id}_left_out", said)


def draw_places(scope: Scope) -> None:
    """Show the streets, or the communities of the scope, with every coverage beside the other."""
    table, metrics = _places(scope), {_head(one): one for one in map(get_metric, SIDE_BY_SIDE)}
    shares = [head for head, one in metrics.items() if one.unit == "%"]
    looks = {
        head: st.column_config.Column(one.short.removesuffix("覆盖"))
        for head, one in metrics.items()
    }
    looks[table.columns[0]] = st.column_config.TextColumn(pinned=True)
    texts = {
        head: _writer(one.id)
        for head, one in metrics.items()
        if pd.api.types.is_numeric_dtype(table[head])
    }
    seen = list(table.columns[:-1])  # the last has no room beside so many
    draw(table, "各地的覆盖率", shares, written=texts, column_order=seen, column_config=looks)
    st.caption(f"各项覆盖率{shade_words('ratio', 'up', dark=is_dark())}。")
    downloads.offer(table, "各地的覆盖率", scope, key="coverage", label="下载一览")


@remembered(256)
def _places(scope: Scope) -> pd.DataFrame:
    first = circles_data.ranked_places(scope, METRIC)
    level, reader = circles_data.ranked_level(scope), data.reader(scope.edition)
    codes = first["community_code"] if level == "community" else [None] * len(first)
    places = list(zip(first["street_code"], codes, strict=True))
    place = words.label(f"{level}_name")
    table: dict[str, list] = {place: first["place_name"].tolist()}
    for one in SIDE_BY_SIDE:
        metric = get_metric(one)
        values = values_of_places(reader, one, scope.month, places)
        texts = [figure.written(metric, value).text for value in values]
        beyond = any(text.startswith(words.BEYOND) for text in texts)  # no number can say so
        table[_head(metric)] = texts if beyond else values
    return pd.DataFrame(table | {"覆盖／总数": first["fraction"].tolist()})


def _head(metric: Metric) -> str:
    """Return what a metric's column is called in a file, with its unit."""
    return metric.short if metric.unit == "%" else f"{metric.short}（{metric.unit}）"


@cache
def _writer(metric_id: str) -> Callable[[float], str]:
    metric = get_metric(metric_id)
    return lambda value: figure.written(metric, value).text
