"""下一处 and 合并: where a station would bring most people near, and which could close."""

from functools import partial

import numpy as np
import pandas as pd
import shapely
import streamlit as st

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.circles import candidates
from chunshui.circles.candidates import SitingProblem
from chunshui.circles.question import LEVELS
from chunshui.circles.siting import Sites
from chunshui.errors import ChunshuiError
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.shell import notices
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import tables
from chunshui.ui.topics.circles.data import Answer
from chunshui.ui.topics.circles.finding import walk_words, without_stations
from chunshui.ui.topics.circles.map import sites_map
from chunshui.ui.topics.circles.scenario import NO_PREMISES
from chunshui.ui.widgets import downloads


def draw_next_sites(scope: Scope, answer: Answer) -> None:
    """Ask how many sites among which candidates; show the greedy answer, then the proven one."""
    circles, question = answer.circles, answer.question
    if not question.function and set(question.levels) == set(LEVELS) and not question.weekday:
        st.caption(
            "提示：不限功能时覆盖率已接近饱和，先在上面选一项功能或一个层级，更看得出缺在哪里。"
        )
    how_many, among = st.columns(2)
    k = how_many.slider("再建几处", 1, 20, 5, key="k", bind="query-params")
    kinds = candidates.candidate_kinds(circles)
    kind = among.selectbox("候选点", kinds, key="among", bind="query-params")
    if circles.premises is None:
        st.caption(NO_PREMISES)
    choice = scope.edition, question, kind or kinds[0], scope.streets
    try:
        problem = circles_data.siting_problem(*choice)
        quick = circles_data.sites(*choice, k, False)
    except ChunshuiError as error:
        notices.empty(str(error), "")
        return
    slot = st.empty()
    with slot.container():
        _draw_sites(scope, answer, problem, quick, "逐个挑选的结果，正在核对是否最优。", "quick")
    if not len(quick.chosen):
        return
    with st.spinner("正在证明是否最优…"):
        best = circles_data.sites(*choice, k, True)
    slot.empty()
    with slot.container():
        gain = best.covered - quick.covered
        better = f"比逐个挑选多{gain:,.0f}{question.unit}" if gain >= 1 else "与逐个挑选相同"
        proof = "已证明是最优的选法" if best.proven else "未及证明是最优的选法"
        _draw_sites(scope, answer, problem, best, f"{proof}，{better}。", "best")


def _draw_sites(
    scope: Scope, answer: Answer, problem: SitingProblem, sites: Sites, proof: str, key: str
) -> None:
    """Draw chosen sites; `key` tells apart what is drawn twice in a run: at once, then proven."""
    question, people = answer.question, problem.weight.sum()
    rows = candidates.describe_sites(answer.circles, problem, sites)
    if rows.empty:
        if people:
            notices.empty("没有一个候选点能带来新增覆盖。", "可换一类候选点，或放宽“多远算近”。")
        else:
            notices.empty("本范围居民都已走得到，无须新增。", "可选一项功能，或换更近的标准。")
        return
    unit = question.unit
    share = words.percent(float(ratio(sites.covered, people, 100)))
    st.markdown(
        f"**新增{len(rows)}处{question.what}可使{question.whose}{sites.covered:,.0f}{unit}走得到，"
        f"占目前走不到人数的{share}**。{sites.note}"
    )
    lost = f"{problem.lost}个候选点接不上步行路网，未参加挑选。" if problem.lost else ""
    st.caption(f"目前走不到的{question.whose}{people:,.0f}{unit}。{proof}{lost}")
    table = pd.DataFrame(
        {
            "次序": np.arange(1, len(rows) + 1),
            "点位": rows["place_name"],
            f"新增（{unit}）": rows["gain"].astype(int),
            f"主要受益社区（{unit}）": rows["gaining"],
            f"累计（{unit}）": rows["total"].astype(int),
        }
    )
    if rows["facts"].any():
        table["情况"] = rows["facts"]
    table["建议每日容量（人次）"] = rows["capacity"]
    names = ("建议点位", "建议新增的点位", f"下一处_{question.what}", "下载点位")
    _draw_map_and_table(scope, answer, rows, table, names, f"next_{key}", order=True)


def draw_mergers(scope: Scope, answer: Answer) -> None:
    """Ask how many people may lose their walk; list the stations that could close."""
    if reason := without_stations(answer):
        notices.empty(reason[0], "")
        return
    question, answering = answer.question, answer.answering
    if scope.streets:
        answering = answering & answer.circles.stations["street_code"].isin(scope.streets)
    existing = answering.sum()
    most = st.slider("最多允许多少人失去覆盖", 0, 5000, 0, 100, key="loss", bind="query-params")
    rows = circles_data.mergers(scope.edition, question, float(most), scope.streets)
    if rows.empty:
        notices.empty(
            f"{existing:,}处{question.what}，停用任何一处都会有人走不到。", "可放宽允许失去的人数。"
        )
        return
    lost = rows["total_loss"].iloc[-1]
    walk = walk_words(question)
    left = f"{lost:,.0f}{question.unit}步行{walk}不再走得到" if lost else f"没有人因此走出{walk}"
    st.markdown(
        f"**仅按步行距离试算，不代表可以撤并：{existing:,}处{question.what}中试算停用{len(rows):,}处，{left}。**"
    )
    st.caption("未考虑容量、产权和层级要求；逐处停用，每次取影响人数最少的一处。")
    table = pd.DataFrame(
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
    rows = rows.rename(columns={"station_id": "place_id", "station_name": "place_name"})
    names = ("试算停用", "试算停用的阵地", f"撤并试算_{question.what}", "下载名单")
    _draw_map_and_table(scope, answer, rows, table, names, "merge", order=False)


def _draw_map_and_table(
    scope: Scope,
    answer: Answer,
    places: pd.DataFrame,
    table: pd.DataFrame,
    names: tuple[str, str, str, str],
    key: str,
    *,
    order: bool,
) -> None:
    """Draw places on the map beside their table and its download.

    `names`: in the legend, of map and table to a reader of screens, of the file, of its button.
    """
    legend, alt, title, label = names
    left, right = st.columns([3, 2], gap="medium")
    left.plotly_chart(
        sites_map(scope, answer, places, legend, order),
        key=f"{key}_map_{len(table)}",
        config=maps.CONFIG,
        alt=alt,
    )
    with right:
        tables.draw(table, alt, height=min(460, 35 * (len(table) + 1) + 2))
        shapes = partial(shapely.points, places["lon"].to_numpy(), places["lat"].to_numpy())
        downloads.offer(table, title, scope, key=key, label=label, shapes=shapes)
