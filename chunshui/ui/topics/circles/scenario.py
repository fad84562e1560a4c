"""假如: add, close or move a station and see at once who gains, who loses, and whether there is room.

Scenarios are named and stand in the address (`plans`); they are compared side by side and exported.
"""

from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.circles import candidates
from chunshui.circles.candidates import PREMISES
from chunshui.circles.question import FUNCTIONS, Question
from chunshui.circles.scenario import Outcome, Step
from chunshui.errors import ChunshuiError
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import cut
from chunshui.ui.map.click import Click, clicked
from chunshui.ui.markdown import plain
from chunshui.ui.shell import head, notices
from chunshui.ui.topics.circles import controls, plans, taken
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import Answer, station_labels, unique_labels
from chunshui.ui.topics.circles.finding import (
    of_circles,
    of_loads,
    of_scenario,
    question_words,
    walk_words,
)
from chunshui.ui.topics.circles.map import scenario_map
from chunshui.ui.topics.circles.plans import ADD, CLOSE, MOVE
from chunshui.ui.widgets import asked, downloads, pictures, tables

NO_PREMISES = "本版本没有可用房屋台账，候选点改用网格和小区；补报台账后可直接点房屋。"


class Totals(NamedTuple):
    """An outcome added up over a scope: people near and places a day, before and after."""

    before: float
    after: float
    people: float
    room_before: float
    room_after: float

    def per(self, scale: float, part: float) -> float:
        """Return a part per hundred or thousand of the people; NaN without people."""
        return float(ratio(part, self.people, scale))


def draw(scope: Scope, answer: Answer, headline: DeltaGenerator) -> None:
    """Draw the map to click on, the scenario, what it does, and the comparison.

    What it does is the page's finding, at the place for the `headline`.
    """
    scenarios = plans.follow(answer.circles)
    left, right = st.columns([3, 2], gap="medium")
    with right:
        name = _choose_scenario(scenarios)
        steps = scenarios[name]
        outcome = _draw_outcome(scope, answer, steps)
        with headline:
            head.finding(_said(scope, answer.question, name, steps, outcome))
        _draw_steps(name, steps)
        _draw_next_step(scope, answer, name)
    with left:
        kind = _candidate_kind(answer)
        picture = scenario_map(scope, answer, steps if outcome else (), kind)
        what = "各社区因方案增加或减少的人" if steps else "各社区现在的覆盖率"
        what += "，可点选候选点与阵地"
        pictures.show_map(picture, what, "what_if_map", lambda key: _pick(key, scope, answer))
        mark = "三角（可用房屋）" if kind == PREMISES else "小十字"
        st.caption(f"点{mark}新增；选“停用”后点阵地；选“迁移”后先点阵地、再点新址。")
    if outcome and steps:
        said = _said(scope, answer.question, name, steps, outcome)
        frozen = partial(taken.frozen_scenario, scope, answer, steps, outcome, said)
        title = f"假如地图_{name}_{question_words(answer.question)}"
        downloads.seen(pd.DataFrame(), title, scope, picture=frozen)
        _draw_communities(scope, answer, name, steps, outcome)
        _draw_loads(scope, answer.question, name, outcome)
    _draw_comparison(scope, answer.question, scenarios)
    plans.settle(answer.circles)


def _said(
    scope: Scope,
    question: Question,
    name: str,
    steps: tuple[Step, ...],
    outcome: Outcome | None,
) -> str:
    """Return what a scenario does; where it has no steps or cannot be, what is so now."""
    if steps and outcome and outcome.denominator:
        return of_scenario(scope, question, name, steps, cut(outcome.places, scope))
    return of_circles(scope, question, circles_data.coverage(scope, question))


# ------------------------------------------------------------------ making a scenario


def _choose_scenario(scenarios: plans.Plans) -> str:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        names = list(scenarios)
        name = st.selectbox("方案", names, key=plans.CHOSEN, bind="query-params") or names[0]
        with st.popover("整理方案", icon=":material/edit_note:"):
            st.caption("方案写在网址里：刷新还在，可发给别人，也可用“我的视图”存下。")
            wanted = st.text_input("方案名称", max_chars=plans.NAME_LENGTH, key="wi_name")
            with st.container(horizontal=True, gap="small"):
                st.button("新建", on_click=plans.make, args=(wanted,))
                st.button(f"给{plain(name)}改名", on_click=plans.rename, args=(name, wanted))
        effect = f"“{plain(name)}”连同它的{len(scenarios[name])}步将删除。"
        asked.once("删除", effect, plans.delete, name, key="wi_delete")
    return name


def _draw_steps(name: str, steps: tuple[Step, ...]) -> None:
    if not steps:
        st.info(
            "方案还是空的：在地图上点一个候选点，或在下面选好后加入。",
            icon=":material/edit_location:",
        )
    for at, step in enumerate(steps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{at + 1}. {plain(step.words)}")
            st.button(
                "去掉",
                icon=":material/close:",
                key=f"drop_{name}_{at}",
                on_click=plans.drop,
                args=(name, at),
                type="tertiary",
            )


def _draw_next_step(scope: Scope, answer: Answer, name: str) -> None:
    """Draw what to do, where and to which station: the same as clicking, for keyboard and phone."""
    circles, question = answer.circles, answer.question
    act = st.segmented_control(
        "做什么", (ADD, CLOSE, MOVE), default=ADD, key="wi_act", required=True
    )
    place = station = function = capacity = None
    if act != ADD:
        labels = enumerate(station_labels(circles))
        positions = {label: k for k, label in labels if answer.answering[k]}
        station = controls.choose(
            "哪处阵地", positions, "wi_station", "点地图，或打名称、拼音首字母"
        )
    if act != CLOSE:
        kind = st.selectbox("候选点", candidates.candidate_kinds(circles), key="wi_kind")
        if circles.premises is None:
            st.caption(NO_PREMISES)
        places = circles_data.candidate_places(scope.edition, question, kind, scope.streets)
        positions = {label: k for k, label in enumerate(unique_labels(places, "place"))}
        at = controls.choose("在哪里", positions, "wi_place", "点地图，或打名称、拼音首字母")
        place = None if at is None else places.iloc[at]
        if place is not None and place["facts"]:
            st.caption(place["facts"])
    if act == ADD:
        what, room = st.columns(2)
        options = [question.function] if question.function else FUNCTIONS
        function = what.selectbox("新增什么功能", options, key="wi_function") or options[0]
        capacity = room.number_input(
            "每日容量（人次）", 1, 100_000, None, 5, key="wi_capacity", placeholder="空着按建议"
        )
    ready = (act == CLOSE or place is not None) and (act == ADD or station is not None)
    st.button(
        "加入方案", disabled=not ready, on_click=plans.add, type="primary",
        args=(name, _step(answer, act, station, place, function, capacity) if ready else None),
    )  # fmt: skip


def _candidate_kind(answer: Answer) -> str:
    kind, kinds = st.session_state.get("wi_kind"), candidates.candidate_kinds(answer.circles)
    return kind if kind in kinds else kinds[0]


def _step(
    answer: Answer,
    act: str,
    station: int | None,
    place: pd.Series | None,
    function: str | None = None,
    capacity: float | None = None,
) -> Step:
    """Return a step from what was chosen; a new station takes what is suggested for its place."""
    name = "" if station is None else answer.circles.stations["station_name"].iloc[station]
    where = "" if place is None else place["place_name"]
    label = f"{name}迁到{where}" if act == MOVE else name or where
    if place is None:
        return Step(act, label, station)
    lon, lat = float(place["lon"]), float(place["lat"])
    if act == MOVE:
        return Step(act, label, station, lon, lat)
    usual = float(place["capacity"])
    return Step(act, label, None, lon, lat, function, capacity or (usual if usual > 0 else None))


def _pick(chart: str, scope: Scope, answer: Answer) -> None:
    """Follow a click on the map (a callback): it acts as the reader chose to act."""
    click, state = clicked(chart), st.session_state
    if click is None:
        return
    act, name = (
        state.get("wi_act") or ADD,
        state.get(plans.CHOSEN) or next(iter(state[plans.PLANS])),
    )
    labels = station_labels(answer.circles)
    if click.kind == "station" and act in (CLOSE, MOVE):
        state["wi_station"] = click.label
        if act == CLOSE:
            plans.add(name, _step(answer, CLOSE, labels.index(click.label), None))
    elif click.kind in ("candidate", "building") and act in (ADD, MOVE):
        place = _clicked_place(scope, answer, click)
        if act == ADD:
            offer = state.get("wi_function"), state.get("wi_capacity")
            plans.add(name, _step(answer, ADD, None, place, *offer))
        elif state.get("wi_station") in labels:
            plans.add(name, _step(answer, MOVE, labels.index(state["wi_station"]), place))


def _clicked_place(scope: Scope, answer: Answer, click: Click) -> pd.Series:
    circles, question = answer.circles, answer.question
    if click.kind == "building":
        row = circles.buildings[circles.buildings["building_id"] == click.code]
        row = row.rename(columns={"building_name": "place_name"})
        return row.assign(capacity=candidates.suggested_capacity(circles, question, row)).iloc[0]
    kind = _candidate_kind(answer)
    places = circles_data.candidate_places(scope.edition, question, kind, scope.streets)
    return places[places["place_id"] == click.code].iloc[0]


# ------------------------------------------------------------------ what it does


def _draw_outcome(scope: Scope, answer: Answer, steps: tuple[Step, ...]) -> Outcome | None:
    """Show coverage before and after in the scope; None, with the reason said, when it cannot be."""
    question = answer.question
    try:
        outcome = circles_data.outcome(scope.edition, question, steps)
    except ChunshuiError as error:
        notices.empty(str(error), "")
        return None
    totals = _totals(scope, outcome)
    share, share_after = totals.per(100, totals.before), totals.per(100, totals.after)
    room, room_after = totals.per(1000, totals.room_before), totals.per(1000, totals.room_after)
    changed = bool(steps and totals.people)
    with st.grid(2, min_column_width=130, gap="small"):
        st.metric("现在", words.percent(share))
        st.metric(
            "变动后",
            words.percent(share_after),
            **_delta(_moved(share, share_after), "个百分点") if changed else {},
        )
        gain = totals.after - totals.before
        st.metric("多覆盖", words.signed(gain, question.unit) if steps else "—")
        st.metric(
            f"每千{question.unit}可得",
            f"{room_after:,.1f}人次" if totals.people else "—",
            **_delta(round(room_after - room, 1)) if changed else {},
            help=_room_words(answer),
        )
    return outcome


def _delta(moved: float, unit: str = "") -> dict[str, Any]:
    """Return how a metric shows a change: with an arrow, but where there is none with a word."""
    if moved:
        return {"delta": f"{moved:+g}{unit}"}
    return {"delta": "没有变化", "delta_color": "off", "delta_arrow": "off"}


def _moved(before: float, after: float) -> float:
    """Return the written share after less the one before."""
    return words.difference(words.written(after, "%"), words.written(before, "%")) or 0.0


def _totals(scope: Scope, outcome: Outcome) -> Totals:
    rows = cut(outcome.places, scope)
    columns = ["before", "after", "denominator", "room_before", "room_after"]
    return Totals(*rows[columns].sum().astype(float))


def _room_words(answer: Answer) -> str:
    question, unknown = answer.question, answer.present.unknown
    return (
        f"走得到的每日容量，按每千{question.unit}{question.whose}计（两步移动搜索法 E2SFCA）：一处阵地的"
        f"每日容量由{walk_words(question)}内走得到它的人分，近的多算；"
        "一个人走得到几处，就把几处分到的加起来。"
        + ("" if question.function else "未选功能时，各项功能的容量相加。")
        + (f"{unknown:,}处没有登记容量，按0计。" if unknown else "")
    )


def _draw_communities(
    scope: Scope, answer: Answer, name: str, steps: tuple[Step, ...], outcome: Outcome
) -> None:
    question, rows = answer.question, cut(outcome.places, scope)
    rows = rows.iloc[np.argsort(-rows["gain"].abs(), kind="stable")]
    table = _community_table(question.unit, rows)
    gained = (rows["gain"] != 0).to_numpy()
    moved = (rows["room_after"] - rows["room_before"]).abs().to_numpy() > 1e-9
    changed = table[gained | moved]
    changes = f"{gained.sum():,}个社区的覆盖有变化，{moved.sum():,}个社区的可得容量有变化"
    st.markdown(f"**{name}：{changes}**")
    st.caption(f"可得：{_room_words(answer)}")
    if not gained.any():
        st.caption("没有社区的覆盖人数改变。新增点附近的人本来就走得到，或停用的阵地有别的可替。")
    if len(changed):
        forms = {f"变化（{question.unit}）": words.signed}
        tables.draw(changed, "各社区变动前后的覆盖", forms=forms)
    downloads.offer(
        table,
        f"假如_{name}_{question_words(question)}",
        scope,
        key="what_if",
        label="下载这个方案",
        shapes=downloads.places(scope, rows["community_code"]),
        number=(words.signed(rows["gain"].sum(), question.unit), f"{name}多覆盖"),
        names=[step.label for step in steps],
        taken=changed,
    )


def _community_table(unit: str, rows: pd.DataFrame) -> pd.DataFrame:
    people = rows["denominator"]

    def per(scale: float, part: str) -> np.ndarray:
        return ratio(rows[part], people, scale).round(1)

    return pd.DataFrame(
        {
            "社区": rows["community_name"],
            "街道": rows["street_name"],
            f"变化（{unit}）": rows["gain"].astype(int),
            "现在（%）": per(100, "before"),
            "变动后（%）": per(100, "after"),
            f"现在可得（人次/千{unit}）": per(1000, "room_before"),
            f"变动后可得（人次/千{unit}）": per(1000, "room_after"),
            f"现在（{unit}）": rows["before"].astype(int),
            f"变动后（{unit}）": rows["after"].astype(int),
            f"总数（{unit}）": people.astype(int),
        }
    )


def _draw_loads(scope: Scope, question: Question, name: str, outcome: Outcome) -> None:
    """Hold the users of every station that gains or loses some against its capacity."""
    rows, unit = outcome.loads, question.unit
    said = of_loads(question, outcome)
    st.markdown(f"**{said}**")
    st.caption(
        f"负荷：{walk_words(question)}内以这处为最近的{question.whose}，对每日容量。"
        "停用的阵地的人转到下一处最近的；迁移的容量随迁。没有登记容量的不算。"
    )
    users = {"现在": rows["before"], "变动后": rows["after"]}
    capacity = rows["capacity"]
    table = pd.DataFrame(
        {"阵地": rows["name"], "每日容量（人次）": capacity}
        | {f"{when}最近（{unit}）": people.astype(int) for when, people in users.items()}
        | {
            f"{when}每百{unit}容量（人次）": ratio(capacity, people, 100).round(1)
            for when, people in users.items()
        }
    )
    tables.draw(table, "负荷有变化的阵地")
    downloads.offer(
        table,
        f"假如_负荷_{name}_{question_words(question)}",
        scope,
        key="what_if_loads",
        label="下载负荷",
        finding=said,
        number=(f"{len(rows):,}处", "阵地的负荷有变化"),
        names=list(rows["name"]),
    )


def _draw_comparison(scope: Scope, question: Question, scenarios: plans.Plans) -> None:
    """Set all scenarios with steps side by side."""
    rows: list[dict] = []
    outcomes: dict[str, Outcome] = {}
    for name, steps in scenarios.items():
        if not steps:
            continue
        try:
            outcome = circles_data.outcome(scope.edition, question, steps)
            totals, outcomes[name] = _totals(scope, outcome), outcome
        except ChunshuiError as error:
            rows.append({"方案": name, "内容": str(error)})
            continue
        rows.append(
            {
                "方案": name,
                "内容": "；".join(step.words for step in steps),
                f"覆盖（{question.unit}）": int(totals.after),
                f"多覆盖（{question.unit}）": int(totals.after - totals.before),
                "覆盖率（%）": round(totals.per(100, totals.after), 1),
                "可得容量（人次/日）": round(totals.room_after),
                "多得容量（人次/日）": round(totals.room_after - totals.room_before),
            }
        )
    if not rows:
        return
    st.markdown(f"**方案对照**（{question_words(question)}）")
    table = pd.DataFrame(rows)
    tables.draw(table, "各方案对照")
    title, unit = f"假如_方案对照_{question_words(question)}", question.unit
    told = [row for row in rows if row["方案"] in outcomes]
    best = max(told, key=lambda row: row[f"多覆盖（{unit}）"], default=None)
    finding, number = "", None
    if best is not None:
        name = best["方案"]
        finding = _said(scope, question, name, scenarios[name], outcomes[name])
        finding = f"{len(told)}个方案中{name}最多：{finding}" if len(told) > 1 else finding
        number = words.signed(best[f"多覆盖（{unit}）"], unit), f"{name}多覆盖"
    downloads.offer(
        table, title, scope, key="compare", label="下载对照", finding=finding, number=number
    )
