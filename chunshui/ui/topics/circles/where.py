"""下一处 and 合并: where a station would bring most people near, and which could close."""

from functools import partial

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from chunshui.catalogue.figure import ratio
from chunshui.circles import candidates, stations
from chunshui.circles.model import Circles
from chunshui.circles.question import LEVELS, Question
from chunshui.errors import ChunshuiError
from chunshui.ui import charts, data
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.shell import notices
from chunshui.ui.topics.circles import controls as circles_controls
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import map as circles_map
from chunshui.ui.topics.circles import tables as circles_tables
from chunshui.ui.topics.circles import what_if as circles_what_if
from chunshui.ui.topics.circles.controls import distance_words
from chunshui.ui.widgets import downloads, pictures


def next_sites(scope: Scope, found: Circles, asked: Question) -> None:
    """Ask how many sites among which candidates; show the greedy answer, then the proven one."""
    if not asked.function and set(asked.levels) == set(LEVELS) and not asked.weekday:
        st.caption(
            "提示：不限功能时覆盖率已接近饱和，先在上面选一项功能或一个层级，更看得出缺在哪里。"
        )
    how_many, among = st.columns(2)
    k = how_many.slider("再建几处", 1, 20, 5, key="k", bind="query-params")
    kind = among.selectbox(
        "候选点", candidates.candidate_kinds(found), key="among", bind="query-params"
    )
    if found.premises is None:
        st.caption(circles_what_if.NO_PREMISES)
    quick = None
    try:
        ready = circles_data.search(scope.edition, asked, kind, scope.streets)
        quick = circles_data.sites(scope.edition, asked, kind, scope.streets, k, False)
    except ChunshuiError as error:
        notices.empty(str(error), "")
        return
    slot = st.empty()
    with slot.container():
        _sites(scope, found, asked, ready, quick, "先给出的解（逐个挑选）")
    if not len(quick.chosen):
        return
    with st.spinner("正在证明是否最优…"):
        best = circles_data.sites(scope.edition, asked, kind, scope.streets, k, True)
    slot.empty()
    with slot.container():
        gain = best.covered - quick.covered
        better = f"比逐个挑选多 {gain:,.0f} 人" if gain >= 1 else "与逐个挑选相同"
        said = "已证明最优" if best.proven else "未及证明最优"
        _sites(scope, found, asked, ready, best, f"{said}（{better}，用时 {best.seconds:.1f} 秒）")


def _sites(scope, found, asked: Question, ready, sites, heading: str) -> None:
    table = candidates.describe_sites(found, ready, sites)
    left = ready.weight.sum()
    if table.empty:
        notices.empty("没有一个候选点能带来新增覆盖。", "可换一类候选点，或放宽“多远算近”。")
        return
    st.markdown(
        f"**{len(table)} 处可多覆盖{asked.whose} {sites.covered:,.0f} {asked.unit}**，"
        f"占现在走不到的 {left:,.0f} {asked.unit}的 {ratio(sites.covered, left, 100):.1f}%。{heading}。"
        + (sites.note or "")
    )
    if ready.lost:
        st.caption(f"{ready.lost} 个候选点接不上步行路网，未参加挑选。")
    picture, listed = st.columns([3, 2], gap="medium")
    picture.plotly_chart(
        _picture(scope, found, asked, table, "建议点位", pictures.is_dark()),
        key=f"next_{heading[:4]}_{len(table)}",  # drawn twice in a run: at once, then proven
        config=maps.CONFIG,
        alt="建议新增的点位",
    )
    shown = pd.DataFrame(
        {
            "次序": np.arange(1, len(table) + 1),
            "点位": table["place_name"],
            f"新增（{asked.unit}）": table["gain"].astype(int),
            f"主要受益社区（{asked.unit}）": table["gaining"],
            f"累计（{asked.unit}）": table["total"].astype(int),
        }
    )
    if table["facts"].any():
        shown["情况"] = table["facts"]
    shown["建议每日容量（人次）"] = table["capacity"]
    listed.dataframe(
        shown,
        hide_index=True,
        column_config=circles_tables.columns(shown, []),
        height=min(460, 35 * (len(shown) + 1) + 2),
        alt="建议新增的点位",
    )
    with listed:
        title, key = f"下一处_{asked.what}", f"next_{heading[:4]}"
        shapes = partial(shapely.points, table["lon"].to_numpy(), table["lat"].to_numpy())
        downloads.offer(shown, title, scope, key=key, label="下载点位", shapes=shapes)


def merge_test(scope: Scope, found: Circles, asked: Question) -> None:
    """Ask how many people may lose their walk; list the stations that could close."""
    if reason := stations.why_no_station(found, asked):
        notices.empty(reason, "")
        return
    most = st.slider("最多允许多少人失去覆盖", 0, 5000, 0, 100, key="loss", bind="query-params")
    rows = circles_data.mergers(scope.edition, asked, float(most), scope.streets)
    chosen = stations.answering(found, asked).sum()
    if rows.empty:
        notices.empty(
            f"{asked.what} {chosen:,} 处，关掉任何一处都有人走不到。", "可放宽允许失去的人数。"
        )
        return
    lost = rows["total_loss"].iloc[-1]
    st.markdown(
        f"**{asked.what} {chosen:,} 处中有 {len(rows):,} 处可以并走**，"
        f"{'没有人' if lost == 0 else f'共 {lost:,.0f} 人'}因此走出 "
        f"{distance_words(asked, asked.farthest_m)}。"
    )
    st.caption("只看走不走得到，不看容量、产权和层级要求；逐处关闭，总先关最不影响的一处。")
    picture, listed = st.columns([3, 2], gap="medium")
    table = rows.rename(columns={"station_id": "place_id", "station_name": "place_name"})
    picture.plotly_chart(
        _picture(scope, found, asked, table, "可并走", pictures.is_dark(), numbered=False),
        key="merge_map",
        config=maps.CONFIG,
        alt="可以合并的阵地",
    )
    shown = pd.DataFrame(
        {
            "次序": np.arange(1, len(rows) + 1),
            "阵地": rows["station_name"],
            "层级": rows["level"],
            "街道": rows["street_name"],
            "圈内人数": rows["people"].astype(int),
            "失去（人）": rows["loss"].astype(int),
            "累计失去（人）": rows["total_loss"].astype(int),
        }
    )
    listed.dataframe(
        shown,
        hide_index=True,
        column_config=circles_tables.columns(shown, []),
        height=min(460, 35 * (len(shown) + 1) + 2),
        alt="可以合并的阵地",
    )
    with listed:
        title = f"合并_{asked.what}"
        shapes = partial(shapely.points, table["lon"].to_numpy(), table["lat"].to_numpy())
        downloads.offer(shown, title, scope, key="merge", label="下载名单", shapes=shapes)


def _picture(scope, found, asked, table, name: str, dark: bool, numbered: bool = True):
    """Return the bands of today with the chosen places on them."""
    land, limits = data.district(scope.edition), circles_controls.limits(asked)
    bands = circles_data.bands(scope.edition, asked, limits)
    colours = maps.theme.palette(dark)
    now = np.flatnonzero(stations.answering(found, asked))
    points = circles_map.stations(
        found.stations.iloc[now], found.stations["station_name"].iloc[now], dark
    )
    shown = table.assign(text=[str(n + 1) for n in range(len(table))]) if numbered else table
    look = {"symbol": "circle", "size": 19 if numbered else 8, "color": colours.accent,
            "line": {"color": colours.ground, "width": 1.5}}  # fmt: skip
    points.append(circles_map.places(shown, "candidate", name, look, dark))
    shades = circles_map.band_colours(len(limits), dark)
    edges = [circles_controls.edge_words(asked, limit) for limit in limits]
    squares = [(f"{edge}内", shade) for edge, shade in zip(edges, shades, strict=True)]
    squares.append(("更远", colours.missing))
    return charts.Drawn(
        maps.canvas(
            land,
            [
                *circles_map.band_layers(land, bands, {}, dark),
                circles_map.arterials(circles_data.arterials(scope.edition), dark),
            ],
            squares,
            title=f"现在步行到最近的{asked.what}",
            points=points,
            chosen_streets=scope.streets,
            chosen_community=scope.community,
            dark=dark,
            height=circles_map.HEIGHT,
            below=circles_map.BELOW,
        )
    )
