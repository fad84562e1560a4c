"""What the page of the circles is made of: its sentence, its map, the lists beside and below."""

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.circles import outlines, stations
from chunshui.circles.model import Circles
from chunshui.circles.question import Question, clock, weekday_words
from chunshui.ui import charts, data
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.shell import notices
from chunshui.ui.topics.circles import controls as circles_controls
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import map as circles_map
from chunshui.ui.topics.circles import tables as circles_tables
from chunshui.ui.topics.circles.controls import distance_words, time_words
from chunshui.ui.topics.circles.print import sheet
from chunshui.ui.widgets import downloads, pictures, tables

FAR = 0.72  # marks of the whole district's map, whose bands they would hide


def finding(scope: Scope, asked: Question) -> str:
    """Say how many are covered, how many are not, and where most of them are."""
    found = circles_data.coverage(scope, asked)
    if found.value is None:
        return f"{scope.words}没有可计的{asked.whose}：本范围没有住宅楼，或没有这个年龄的人。"
    walk = distance_words(asked, asked.farthest_m)
    if not found.numerator:
        return (
            f"{time_words(asked)}{scope.words}没有一名{asked.whose}步行 {walk}走得到{asked.what}："
            f"{words.number(found.rest, asked.unit)}都在圈外。"
        )
    said = (
        f"{time_words(asked)}{scope.words} {found.text} 的{asked.whose}步行 {walk}"
        f"走得到{asked.what}"
    )
    left = found.places[found.places["rest"] > 0]
    if left.empty:
        return f"{said}，没有人落在圈外。"
    worst = left.iloc[0]
    most = (
        ""
        if scope.community
        else f"，最多的是{worst['street_name']}{worst['community_name']}（{worst['rest']:,.0f} {asked.unit}）"
    )
    return f"{said}；还有 {words.number(found.rest, asked.unit)}走不到{most}。"


def explained(found: Circles, asked: Question) -> bool:
    """Say why no station answers the question; whether there was something to say."""
    reason = stations.why_no_station(found, asked)
    if reason:
        notices.empty(reason, _when_open(found, asked))
    return bool(reason)


def _when_open(found: Circles, asked: Question) -> str:
    """Say at which full hour of the day most of the stations asked for are open, if any is."""
    if not asked.weekday:
        return ""
    minutes = [60 * hour for hour in range(6, 23)]
    counts = [stations.answering(found, replace(asked, minute=minute)).sum() for minute in minutes]
    if not max(counts):
        return ""
    best = counts.index(max(counts))
    day = weekday_words(asked.weekday)
    return f"{day} {clock(minutes[best])} 开着的最多，有 {counts[best]:,} 处。"


def in_words(scope: Scope, found: Circles, asked: Question) -> None:
    """Say under the map what is drawn, and what could not be measured."""
    chosen = stations.answering(found, asked)
    there = stations.exist_at(found, asked.month_end)
    lost = found.buildings[found.buildings["lost"].notna()]
    lost = lost[circles_data.in_scope(scope, lost)]
    parts = [f"符合条件的阵地 {chosen.sum():,} 处（月末在用 {there.sum():,} 处）"]
    if asked.weekday:
        known = found.stations["station_id"].isin(found.hours["station_id"]).to_numpy()
        if unknown := (there & ~known).sum():
            parts.append(f"{unknown:,} 处没有登记开放时间，不计为开着")
    st.caption("；".join(parts) + "。细线是主干道。色块只作示意，人数按每栋楼的步行距离计。")
    if len(lost):
        st.warning(
            f"{len(lost)} 栋楼接不上步行路网，算走不到，不当作零距离："
            + "；".join(
                f"{row.building_name}（{row.community_name}，{row.lost}，离最近的路 "
                f"{row.lost_metres:,.0f} 米，{row.residents:,} 人）"
                for row in lost.head(5).itertuples()
            )
            + "。",
            icon=":material/location_off:",
        )
    for sentence in circles_data.suspects(scope):
        st.warning(
            f"{sentence}坐标不改，它的步行圈就画错了地方。", icon=":material/wrong_location:"
        )
    astray = found.stations[chosen & found.stations["lost"].notna().to_numpy()]
    if len(astray):
        names = "、".join(astray["station_name"].head(5))
        st.warning(f"{len(astray)} 处阵地接不上步行路网，没有人能算进去：{names}。")


# ------------------------------------------------------------------ the map


def picture(
    scope: Scope, asked: Question, station: int | None, building: int | None
) -> charts.Drawn:
    """Return the map of the circles: bands, or the buildings of the one community chosen."""
    return _picture(scope, asked, station, building, pictures.is_dark())


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=data.BY_KEY)
def _picture(scope, asked, station, building, dark) -> charts.Drawn:
    found, land = circles_data.circles(scope.version), data.district(scope.version)
    limits = circles_controls.limits(asked)
    bands = circles_data.bands(scope.version, asked, limits)
    near = circles_map.near(land, scope.streets, scope.community)
    whole = circles_data.coverage(scope.district(), asked).places
    said = {
        row.community_code: f"{row.text} 走得到　{row.fraction}<br>走不到 {row.rest:,.0f} {asked.unit}"
        for row in whole.itertuples()
    }
    chosen = np.flatnonzero(stations.answering(found, asked))
    labels = list(circles_controls.station_labels(found))
    points = []
    if scope.community:
        mine = (found.buildings["community_code"] == scope.community).to_numpy()
        named = circles_controls.building_labels(found, scope.community)
        metres = circles_data.today(scope.version, asked).metres[mine]
        points.append(
            circles_map.buildings(
                found.buildings[mine], list(named), metres, limits, asked.people, dark
            )
        )
    points += circles_map.stations(
        found.stations.iloc[chosen],
        [labels[k] for k in chosen],
        dark,
        scale=1 if near else FAR,
    )
    if station is not None:
        ring = outlines.station_outlines(found, station, [asked.farthest_m])
        points.append(circles_map.outline(ring.geometry, dark, "所选阵地的步行圈"))
    here = found.buildings.iloc[[building]] if building is not None else None
    if here is not None:
        rows = here.rename(columns={"building_id": "place_id", "building_name": "place_name"})
        look = {"symbol": "circle-open", "size": 18, "color": maps.theme.palette(dark).accent,
                "line": {"width": 3}}  # fmt: skip
        points.append(circles_map.places(rows, "building", "所选的楼", look, dark))
    colours = circles_map.band_colours(len(limits), dark)
    edges = [circles_controls.edge_words(asked, limit) for limit in limits]
    squares = [(f"{edge}内", c)
               for edge, c in zip(edges, colours, strict=True)]  # fmt: skip
    squares.append(("更远", maps.theme.palette(dark).missing))
    if scope.community:
        squares.append(("更远的楼", maps.theme.palette(dark).accent))
    return charts.Drawn(
        maps.canvas(
            land,
            [
                *circles_map.band_layers(land, bands, said, dark, near),
                circles_map.arterials(circles_data.arterials(scope.version), dark),
            ],
            squares,
            title=f"{time_words(asked)}步行到最近的{asked.what}",
            points=points,
            chosen_streets=scope.streets,
            chosen_community=scope.community,
            dark=dark,
            height=circles_map.HEIGHT,
            below=circles_map.BELOW,
            closest=True,
        )
    )


# ------------------------------------------------------------------ beside the map


def beside(
    scope: Scope, found: Circles, asked: Question, station: int | None, building: int | None
) -> None:
    """Show what belongs to the choice: a station, a building, a community, or who is left out."""
    if building is not None:
        nearest_of_building(scope, found, asked, building)
    elif station is not None:
        one_station(scope, found, asked, station)
    elif scope.community:
        nearest_of_community(scope, found, asked)
    else:
        left_out(scope, asked)


def left_out(scope: Scope, asked: Question) -> None:
    """List the communities whose people cannot walk there, the most people first."""
    found = circles_data.coverage(scope, asked)
    rows = found.places[found.places["rest"] > 0]
    st.markdown(f"**走不到的人在哪里**（{len(rows):,} 个社区，按人数排）")
    if rows.empty:
        notices.empty("本范围人人走得到，没有落在圈外的。", "可换一个层级、时间或更近的标准。")
        return
    table = pd.DataFrame(
        {
            "社区": rows["community_name"],
            "街道": rows["street_name"].map(maps.short),
            f"走不到（{asked.unit}）": rows["rest"].astype(int),
            "覆盖率": rows["value"],
            "覆盖／总数": rows["fraction"],
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height=circles_tables.height(len(table)),
        column_order=list(table.columns[:-1]),  # the last has no room beside the map
        column_config=circles_tables.columns(table, ["覆盖率"]),
        alt="走不到的人所在的社区",
    )
    _download(table, f"圈外居民_{asked.what}", scope)


def one_station(scope: Scope, found: Circles, asked: Question, station: int) -> None:
    """Show one station: who is inside, what is open, and load against capacity."""
    row = found.stations.iloc[station]
    st.markdown(f"**{row['station_name']}**　{row['level']}级，{row['area_m2']:,.0f} 平方米")
    if row["lost"]:
        notices.empty(f"这处阵地{row['lost']}（{row['lost_metres']:,.0f} 米），没有步行圈。", "")
        return
    if not stations.answering(found, asked)[station]:
        st.info("它不在当前条件（功能、层级、时间、月份）的阵地里。", icon=":material/info:")
    inside = stations.buildings_near(found, station, asked)
    with st.grid(3, min_column_width=100, gap="small"):
        st.metric("圈内居民", f"{inside['residents'].sum():,}")
        st.metric("60岁及以上", f"{inside['residents_60'].sum():,}")
        st.metric("0–3岁", f"{inside['residents_0_3'].sum():,}")
    hours = _hours(found, row["station_id"])
    st.markdown(f":small[开放时间：{hours or '没有登记'}]")
    offers = found.functions[found.functions["station_id"] == row["station_id"]]
    told = [
        f"{one.function}{'' if pd.isna(one.capacity_per_day) else f'（每日 {one.capacity_per_day:,.0f} 人次）'}"
        for one in offers.itertuples()
    ]
    st.markdown(f":small[功能：{'、'.join(told) or '没有登记'}]")
    if asked.function:
        _load(scope, found, asked, station)
    elif len(offers):
        st.markdown(":small[在上面选一项功能，可看它的容量够不够用。]")
    st.markdown(f":small[步行 {distance_words(asked, asked.farthest_m)}以内的楼，近的在前：]")
    table = pd.DataFrame(
        {
            "楼栋": inside["building_name"],
            "社区": inside["community_name"],
            "步行（米）": inside["metres"].round().astype(int),
            "居民": inside["residents"],
        }
    )
    st.dataframe(
        table.head(tables.SHOWN),
        hide_index=True,
        height=circles_tables.height(len(table), 220),
        column_config=circles_tables.columns(table, []),
        alt="圈内的楼",
    )
    _download(table, f"{row['station_name']}_圈内楼栋", scope)


def _load(scope: Scope, found: Circles, asked: Question, station: int) -> None:
    rows = circles_data.load_of(scope.version, asked)
    one = rows[rows["station"] == station]
    if one.empty or pd.isna(one["capacity"].iloc[0]) or pd.isna(one["people"].iloc[0]):
        st.markdown(f":small[{asked.function}的容量没有登记，或没有人走得到，算不出忙闲。]")
        return
    one = one.iloc[0]
    middle = rows["per_hundred"].replace(0, np.nan).median()
    busy = "偏忙" if one["per_hundred"] < middle else "有余"
    st.markdown(
        f"{asked.function}：每日 **{one['capacity']:,.0f}** 人次，按远近分到约 "
        f"**{one['people']:,.0f}** 名{asked.whose}，每百人 **{one['per_hundred']:,.1f}** 人次"
        f"（各处中位数 {middle:,.1f}，{busy}）。"
    )


def nearest_of_building(scope: Scope, found: Circles, asked: Question, building: int) -> None:
    """Show the nearest stations of one building, to be printed."""
    row = found.buildings.iloc[building]
    title = f"{row['community_name']}{row['building_name']}：最近的{asked.what}"
    st.markdown(f"**{title}**")
    if row["lost"]:
        notices.empty(
            f"这栋楼{row['lost']}（离最近的路 {row['lost_metres']:,.0f} 米），走不到任何阵地。",
            "请核对楼栋坐标，或补画到它的路。",
        )
        return
    rows = stations.nearest_to_building(found, building, asked)
    if rows.empty:
        notices.empty(f"步行 1,500 米以内没有{asked.what}。", "")
        return
    _short_list(scope, found, asked, title, rows)


def nearest_of_community(scope: Scope, found: Circles, asked: Question) -> None:
    """Show the stations nearest to the people of the community chosen, to be printed."""
    title = f"{scope.words}：走得到的{asked.what}"
    st.markdown(f"**{title}**")
    mine = found.buildings["community_code"] == scope.community
    if not mine.any():
        notices.empty("这个社区没有登记住宅楼，量不出步行距离。", "请在楼栋台账里补登。")
        return
    if found.buildings.loc[mine, "lost"].notna().all():
        notices.empty(
            f"这个社区登记的 {mine.sum():,} 栋楼都接不上步行路网，走不到任何阵地，量不出步行距离。",
            "请核对楼栋坐标，或补画到它们的路。",
        )
        return
    rows = stations.nearest_to_community(found, scope.community, asked)
    if not len(rows):
        straight = stations.nearest_straight(found, scope.community, asked)
        notices.empty(
            f"步行 1,500 米以内没有{asked.what}。",
            f"直线最近的是{straight['station_name']}（{straight['metres']:,.0f} 米），"
            "但要绕过铁路、河流或围墙。"
            if straight is not None and straight["metres"] <= 1500
            else "",
        )
        return
    straight = stations.nearest_straight(found, scope.community, asked)
    if not rows["people"].any():
        notices.empty(
            f"没有一栋楼在步行 {distance_words(asked, asked.farthest_m)}以内走得到{asked.what}。",
            f"直线最近的是{straight['station_name']}（{straight['metres']:,.0f} 米）。",
        )
    _short_list(scope, found, asked, title, rows)


def _short_list(scope: Scope, found: Circles, asked: Question, title: str, rows) -> None:
    shown = {
        "阵地": rows["station_name"],
        "步行": [f"{m:,.0f} 米／{t:.0f} 分钟" for m, t in zip(rows["metres"], rows["minutes"], strict=True)],
    }  # fmt: skip
    if "people" in rows:
        shown[f"圈内{asked.whose}"] = rows["people"].astype(int)
    shown["开放时间"] = [_hours(found, station) or "没有登记" for station in rows["station_id"]]
    table = pd.DataFrame(shown)
    st.dataframe(table, hide_index=True, column_config=circles_tables.columns(table, []), alt=title)
    if "people" in rows:
        st.caption("步行为本社区各楼的中位数。")
    manifest = data.manifest(scope.version)
    st.download_button(
        "打印短清单",
        partial(sheet, title, table, scope, manifest, asked),
        f"{title}_{scope.month}.html",
        "text/html",
        on_click="ignore",
        icon=":material/print:",
    )


def _hours(found: Circles, station_id: str) -> str:
    """Write opening hours shortly: "周一至周五 9:00–17:30；周六 9:00–12:00"."""
    rows = found.hours[found.hours["station_id"] == station_id]
    days: dict[str, list[int]] = {}
    for day, part in rows.groupby("weekday"):
        text = "、".join(
            f"{clock(a)}–{clock(b)}"
            for a, b in zip(part["opens_minute"], part["closes_minute"], strict=True)
        )
        days.setdefault(text, []).append(int(day))
    said = []
    for text, which in days.items():
        run = which[-1] - which[0] + 1 == len(which) and len(which) > 2
        names = [weekday_words(day) for day in which]
        said.append(f"{names[0]}至{names[-1]} {text}" if run else f"{'、'.join(names)} {text}")
    return "；".join(said)


def _download(table: pd.DataFrame, name: str, scope: Scope) -> None:
    downloads.offer(table, name, scope, key="circles", label="下载表格")


def choices(scope: Scope, found: Circles) -> tuple[int | None, int | None]:
    """Draw the choice of a station, and of a building where one community is chosen."""
    with st.container(horizontal=True, gap="small"):
        station = circles_controls.choice(
            "看一处阵地",
            circles_controls.station_labels(found),
            "station",
            "点地图上的点，或搜名称",
        )
        building = None
        if scope.community:
            building = circles_controls.choice(
                "看一栋楼",
                circles_controls.building_labels(found, scope.community),
                "building",
                "点地图上的楼，或搜名称",
            )
        else:
            st.session_state.pop("building", None)
    return station, building
