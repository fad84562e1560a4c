"""下一处 and 合并: where a station would bring most people near, and which others could stand in for."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import shapely
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.circles import candidates
from chunshui.circles.candidates import SitingProblem
from chunshui.circles.mergers import Relaxed
from chunshui.circles.question import LEVELS
from chunshui.circles.siting import Sites
from chunshui.errors import ChunshuiError
from chunshui.ui import data as shown
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.shell import head, notices
from chunshui.ui.topics.circles import controls, tables, taken
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import Answer
from chunshui.ui.topics.circles.finding import (
    of_mergers,
    price_of_mergers,
    question_words,
    without_stations,
)
from chunshui.ui.topics.circles.map import sites_map
from chunshui.ui.topics.circles.scenario import NO_PREMISES
from chunshui.ui.widgets import downloads, drill


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
    kind = among.selectbox("候选点", kinds, key="among", bind="query-params") or kinds[0]
    if circles.premises is None:
        st.caption(NO_PREMISES)
    choice = scope.edition, question, kind, scope.streets
    try:
        problem = circles_data.siting_problem(*choice)
        quick = circles_data.sites(*choice, k, False)
    except ChunshuiError as error:
        notices.empty(str(error), "")
        return
    slot = st.empty()
    with slot.container():
        _draw_sites(
            scope, answer, problem, quick, kind, "逐个挑选的结果，正在核对是否最优。", "quick"
        )
    if not len(quick.chosen):
        return
    with st.spinner("正在证明是否最优…"):
        best = circles_data.sites(*choice, k, True)
    slot.empty()
    with slot.container():
        gain = best.covered - quick.covered
        better = f"比逐个挑选多{gain:,.0f}{question.unit}" if gain >= 1 else "与逐个挑选相同"
        proof = "已证明是最优的选法" if best.proven else "未及证明是最优的选法"
        _draw_sites(scope, answer, problem, best, kind, f"{proof}，{better}。", "best")


def _draw_sites(
    scope: Scope,
    answer: Answer,
    problem: SitingProblem,
    sites: Sites,
    kind: str,
    proof: str,
    key: str,
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
    sentence = (
        f"新增{len(rows)}处{question.what}可使{question.whose}{sites.covered:,.0f}{unit}走得到，"
        f"占目前走不到人数的{share}"
    )
    st.markdown(f"**{sentence}**。{sites.note}")
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
    title = f"下一处_{question_words(question)}_候选{kind}"
    names = ("建议点位", "建议新增的点位", title, "下载点位")
    number = f"{sites.covered:,.0f}{unit}", f"因新增{len(rows)}处走得到"
    told = {"finding": f"{sentence}（{proof.rstrip('。')}）", "number": number}
    _draw_map_and_table(scope, answer, rows, table, names, f"next_{key}", order=True, **told)


def draw_mergers(scope: Scope, answer: Answer, headline: DeltaGenerator) -> None:
    """Ask which rules to leave aside; list the stations that others could stand in for."""
    if reason := without_stations(answer):
        notices.empty(reason[0], "")
        return
    question, answering = answer.question, answer.answering
    if scope.streets:
        answering = answering & answer.circles.stations["street_code"].isin(scope.streets)
    relaxed = controls.relaxed()
    of_scope = scope.edition, question, scope.streets
    trial = circles_data.trial_of_mergers(*of_scope, relaxed)
    strict = None if relaxed == Relaxed() else circles_data.trial_of_mergers(*of_scope, Relaxed())
    sentence = of_mergers(scope, question, int(answering.sum()), trial, strict)
    with headline:
        head.finding(f"{sentence}。")
    drill.buttons(scope, [shown.figure(scope, "station_multi_rate")])  # 多中心合一、一中心多用
    rows = trial.stations
    if rows.empty:
        notices.empty("没有可由邻近阵地替代的。", "可放宽上面的条件，先看代价。")
        return
    st.caption(
        "每人（60岁及以上按老年人步速）原来走得到的每项功能、所问的阵地，停用后都要走得到；"
        "社区级、街道级阵地各留最后一处；接手的阵地，每名服务对象的每日容量不低于全区平均，"
        "没有登记容量的不接手。逐处停用，每次取少功能人数最少、附近居民最少的一处，换次序名单会不同。"
        "未考虑产权、人员和服务内容。"
    )
    table = pd.DataFrame(
        {
            "次序": np.arange(1, len(rows) + 1),
            "阵地": rows["station_name"],
            "主要由谁接手": rows["successors"].where(rows["successors"] != "", "无人以它为最近"),
            "层级": rows["level"],
            "街道": rows["street_name"],
            "圈内居民（人）": rows["people"].astype(int),
        }
    )
    if relaxed.max_loss:
        table["少一项功能（人）"] = rows["loss"].astype(int)
        table["累计（人）"] = rows["total_loss"].astype(int)
    rows = rows.rename(columns={"station_id": "place_id", "station_name": "place_name"})
    rules = "_放宽" + "、".join(controls.names_of(relaxed)) if strict else ""
    title = f"撤并试算（不是建议）_{question_words(question)}{rules}"
    names = ("试算停用", "试算停用的阵地", title, "下载名单")
    told = {"finding": sentence, "number": price_of_mergers(trial)}
    _draw_map_and_table(scope, answer, rows, table, names, "merge", order=False, **told)


def _draw_map_and_table(
    scope: Scope,
    answer: Answer,
    places: pd.DataFrame,
    table: pd.DataFrame,
    names: tuple[str, str, str, str],
    key: str,
    *,
    order: bool,
    **told: Any,
) -> None:
    """Draw places on the map beside their table and its download.

    `names`: in the legend, of map and table to a reader of screens, of the file, of its button; `told`
    is what a meeting is told of them, as `downloads.offer` takes it.
    """
    legend, alt, title, label = names
    nearest = f"步行到最近的{answer.question.what}"
    downloads.seen(
        pd.DataFrame(),
        f"{legend}_{nearest}_{title.partition('_')[2]}",
        scope,
        picture=partial(taken.frozen_sites, scope, answer, places, legend, **told),
    )
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
        downloads.offer(table, title, scope, key=key, label=label, shapes=shapes, **told)
