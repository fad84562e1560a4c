"""假如: add, close or move a station and see at once who gains, who loses, and whether there is room.

Scenarios are named and live in the reader's session; they are compared side by side and exported.
"""

import numpy as np
import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.circles import candidates, stations
from chunshui.circles.candidates import PREMISES, STATIONS
from chunshui.circles.model import Circles
from chunshui.circles.question import FUNCTIONS, Question
from chunshui.circles.scenario import Outcome, Step
from chunshui.errors import ChunshuiError
from chunshui.ui import charts, data
from chunshui.ui.data.scope import Scope
from chunshui.ui.map import district as maps
from chunshui.ui.map.click import Click, clicked
from chunshui.ui.shell import notices
from chunshui.ui.topics.circles import controls as circles_controls
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles import map as circles_map
from chunshui.ui.topics.circles.controls import distance_words
from chunshui.ui.widgets import downloads, pictures

ADD, CLOSE, MOVE = "新增", "停用", "迁移"
FIRST = "方案一"
# Classes of the share before and after: the same whatever the values, so that they compare.
_SHARE_BOUNDS = (50.0, 80.0, 90.0, 99.0)
NO_PREMISES = "本版本没有可用房屋台账，候选点改用网格和小区；补报台账后可直接点房屋。"


def draw(scope: Scope, found: Circles, asked: Question) -> None:
    """Draw the map to click on, the scenario, what it does, and the comparison."""
    scenarios = st.session_state.setdefault("scenarios", {FIRST: ()})
    left, right = st.columns([3, 2], gap="medium")
    with right:
        name = _choose(scenarios)
        steps = scenarios[name]
        result = _result(scope, asked, steps)
        _steps(name, steps)
        _compose(scope, found, asked, name)
    with left:
        kind = _kind(found)
        st.plotly_chart(
            _picture(scope, asked, steps if result else (), kind, pictures.is_dark()),
            key="what_if_map",
            on_select=lambda: _pick(scope, found, asked),
            selection_mode="points",
            config=maps.CONFIG,
            alt="各社区变动后的覆盖率，可点选候选点与阵地",
        )
        mark = "三角（可用房屋）" if kind == PREMISES else "小十字"
        st.caption(f"点{mark}新增；选“停用”后点阵地；选“迁移”后先点阵地、再点新址。")
    if result and steps:
        _places(scope, asked, name, result)
        _loads(scope, asked, name, result)
    _compare(scope, asked, scenarios)


def _choose(scenarios: dict) -> str:
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        name = st.selectbox("方案", list(scenarios), key="scenario")
        with st.popover("新方案", icon=":material/add:"):
            wanted = st.text_input("方案名称", max_chars=20, key="wi_name")
            st.button("建立", on_click=_new, args=(wanted,))
    return name if name in scenarios else FIRST


def _new(name: str) -> None:
    name = name.strip()
    if name and name not in st.session_state["scenarios"]:
        st.session_state["scenarios"] |= {name: ()}
    if name:
        st.session_state["scenario"] = name


def _compose(scope: Scope, found: Circles, asked: Question, name: str) -> None:
    """Draw what to do, where and to which station: the same as clicking, for keyboard and phone."""
    act = st.segmented_control(
        "做什么", (ADD, CLOSE, MOVE), default=ADD, key="wi_act", required=True
    )
    place = station = function = capacity = None
    if act != ADD:
        open_now = stations.answering(found, asked)
        labels = {
            label: k for label, k in circles_controls.station_labels(found).items() if open_now[k]
        }
        station = circles_controls.pick_one("哪处阵地", labels, "wi_station", "点地图或搜名称")
    if act != CLOSE:
        kind = st.selectbox("候选点", candidates.candidate_kinds(found), key="wi_kind")
        if found.premises is None:
            st.caption(NO_PREMISES)
        places = candidates.candidate_places(found, asked, kind, scope.streets)
        labels = dict(zip(_place_labels(places), range(len(places)), strict=True))
        at = circles_controls.pick_one("在哪里", labels, "wi_place", "点地图或搜名称")
        place = None if at is None else places.iloc[at]
        if place is not None and place["facts"]:
            st.caption(place["facts"])
    if act == ADD:
        function, capacity = _offer(asked)
    ready = (act == CLOSE or place is not None) and (act == ADD or station is not None)
    st.button(
        "加入方案", disabled=not ready, on_click=_add, type="primary",
        args=(name, _step(found, act, station, place, function, capacity) if ready else None),
    )  # fmt: skip


def _kind(found: Circles) -> str:
    kind = st.session_state.get("wi_kind")
    return (
        kind if kind in candidates.candidate_kinds(found) else candidates.candidate_kinds(found)[0]
    )


def _offer(asked: Question) -> tuple[str, float | None]:
    """Draw what a new station offers and how many a day; empty takes what is suggested."""
    what, room = st.columns(2)
    options = [asked.function] if asked.function else FUNCTIONS
    function = what.selectbox("新增什么功能", options, key="wi_function")
    capacity = room.number_input(
        "每日容量（人次）", 1, 100_000, None, 5, key="wi_capacity", placeholder="空着按建议"
    )
    return function or options[0], capacity


def _place_labels(places: pd.DataFrame) -> list[str]:
    twice = places["place_name"].duplicated(keep=False)
    return (
        places["place_name"].where(~twice, places["place_name"] + "·" + places["place_id"]).tolist()
    )


def _step(found: Circles, act, station: int | None, place, function=None, capacity=None) -> Step:
    name = "" if station is None else found.stations["station_name"].iloc[station]
    where = "" if place is None else place["place_name"]
    label = f"{name}迁到{where}" if act == MOVE else name or where
    if place is None:
        return Step(act, label, station)
    lon, lat = float(place["lon"]), float(place["lat"])
    if act == MOVE:
        return Step(act, label, station, lon, lat)
    usual = float(place["capacity"])
    return Step(act, label, None, lon, lat, function, capacity or (usual if usual > 0 else None))


def _add(name: str, step: Step) -> None:
    steps = st.session_state["scenarios"][name]
    taken = {one.station for one in steps if one.station is not None}
    if step not in steps and (step.station is None or step.station not in taken):
        st.session_state["scenarios"][name] = (*steps, step)


def _drop(name: str, at: int) -> None:
    steps = st.session_state["scenarios"][name]
    st.session_state["scenarios"][name] = steps[:at] + steps[at + 1 :]


def _pick(scope: Scope, found: Circles, asked: Question) -> None:
    """Follow a click on the map (a callback): it acts as the reader chose to act."""
    click = clicked("what_if_map")
    if click is None:
        return
    act, name = st.session_state.get("wi_act") or ADD, st.session_state.get("scenario") or FIRST
    if click.kind == "station" and act in (CLOSE, MOVE):
        station = circles_controls.station_labels(found).get(click.label)
        st.session_state["wi_station"] = click.label
        if act == CLOSE:
            _add(name, _step(found, CLOSE, station, None))
    elif click.kind in ("candidate", "building") and act in (ADD, MOVE):
        place = _place(scope, found, asked, click)
        moved = circles_controls.station_labels(found).get(st.session_state.get("wi_station"))
        if act == ADD or moved is not None:
            offer = st.session_state.get("wi_function"), st.session_state.get("wi_capacity")
            _add(name, _step(found, act, moved if act == MOVE else None, place, *offer))


def _place(scope, found, asked, click: Click) -> pd.Series:
    if click.kind == "building":
        row = found.buildings[found.buildings["building_id"] == click.code]
        row = row.rename(columns={"building_name": "place_name"})
        return row.assign(capacity=candidates.suggested_capacity(found, asked, row)).iloc[0]
    places = candidates.candidate_places(found, asked, _kind(found), scope.streets)
    return places[places["place_id"] == click.code].iloc[0]


def _steps(name: str, steps: tuple[Step, ...]) -> None:
    if not steps:
        st.info(
            "方案还是空的：在地图上点一个候选点，或在下面选好后加入。",
            icon=":material/edit_location:",
        )
    for at, step in enumerate(steps):
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(f"{at + 1}. {step.words}")
            st.button(
                "去掉", key=f"drop_{name}_{at}", on_click=_drop, args=(name, at), type="tertiary"
            )


def _result(scope: Scope, asked: Question, steps: tuple[Step, ...]) -> Outcome | None:
    """Show coverage before and after in the scope; None, with the reason said, when it cannot be."""
    try:
        result = circles_data.outcome(scope.edition, asked, steps)
    except ChunshuiError as error:
        notices.empty(str(error), "")
        return None
    before, after, whole, *rooms = _sums(scope, result)
    share = ratio([before, after], whole, 100)
    room = ratio(rooms, whole, 1000)
    with st.grid(2, min_column_width=130, gap="small"):
        st.metric("现在", words.percent(share[0]))
        st.metric(
            "变动后",
            words.percent(share[1]),
            delta=f"{share[1] - share[0]:+.1f} 个百分点" if steps and whole else None,
        )
        st.metric("多覆盖", f"{after - before:+,.0f} {asked.unit}" if steps else "—")
        st.metric(
            f"每千{asked.unit}可得",
            f"{room[1]:,.1f} 人次" if whole else "—",
            delta=f"{room[1] - room[0]:+.1f}" if steps and whole else None,
            help=_room_words(scope, asked),
        )
    return result


def _room_words(scope: Scope, asked: Question) -> str:
    unknown = circles_data.today(scope.edition, asked).unknown
    return (
        f"走得到的每日容量，按每千{asked.unit}{asked.whose}计（两步移动搜索法 E2SFCA）：一处阵地的"
        f"每日容量由 {distance_words(asked, asked.farthest_m)}内走得到它的人分，近的多算；"
        "一个人走得到几处，就把几处分到的加起来。"
        + ("" if asked.function else "未选功能时，各项功能的容量相加。")
        + (f"{unknown:,} 处没有登记容量，按 0 计。" if unknown else "")
    )


def _sums(scope: Scope, result: Outcome) -> tuple[float, ...]:
    """People covered before and after, all people, places a day before and after, in the scope."""
    rows = result.places[circles_data.in_scope(scope, result.places)]
    columns = ("before", "after", "denominator", "room_before", "room_after")
    return tuple(float(rows[column].sum()) for column in columns)


def _places(scope: Scope, asked: Question, name: str, result: Outcome) -> None:
    rows = result.places[circles_data.in_scope(scope, result.places)]
    table = _table(asked, rows)
    gained = (rows["gain"] != 0).to_numpy()
    moved = (rows["room_after"] - rows["room_before"]).abs().to_numpy() > 1e-9
    changed = table[gained | moved]
    st.markdown(
        f"**{name}：{gained.sum():,} 个社区的覆盖有变化，{moved.sum():,} 个社区的可得容量有变化**"
    )
    st.caption(f"可得：{_room_words(scope, asked)}")
    if not gained.any():
        st.caption("没有社区的覆盖人数改变。新增点附近的人本来就走得到，或停用的阵地有别的可替。")
    if len(changed):
        st.dataframe(changed, hide_index=True, alt="各社区变动前后的覆盖")
    downloads.offer(
        table,
        f"假如_{name}_{asked.what}",
        scope,
        key="what_if",
        label="下载这个方案",
        shapes=downloads.places(scope, rows["community_code"]),
    )


def _table(asked: Question, rows: pd.DataFrame) -> pd.DataFrame:
    whole, unit = rows["denominator"], asked.unit
    return pd.DataFrame(
        {
            "社区": rows["community_name"],
            "街道": rows["street_name"],
            f"变化（{unit}）": rows["gain"].astype(int),
            "现在（%）": ratio(rows["before"], whole, 100).round(1),
            "变动后（%）": ratio(rows["after"], whole, 100).round(1),
            f"现在可得（人次/千{unit}）": ratio(rows["room_before"], whole, 1000).round(1),
            f"变动后可得（人次/千{unit}）": ratio(rows["room_after"], whole, 1000).round(1),
            f"现在（{unit}）": rows["before"].astype(int),
            f"变动后（{unit}）": rows["after"].astype(int),
            f"总数（{unit}）": rows["denominator"].astype(int),
        }
    )


def _loads(scope: Scope, asked: Question, name: str, result: Outcome) -> None:
    """Hold the users of every station that gains or loses some against its capacity."""
    rows, unit = result.loads, asked.unit
    st.markdown(f"**{len(rows):,} 处阵地的负荷有变化**")
    st.caption(
        f"负荷：{distance_words(asked, asked.farthest_m)}内以这处为最近的{asked.whose}，对每日容量。"
        "停用的阵地的人转到下一处最近的；迁移的容量随迁。没有登记容量的不算。"
    )
    users = {"现在": rows["before"], "变动后": rows["after"]}
    table = pd.DataFrame(
        {
            "阵地": rows["name"],
            "每日容量（人次）": rows["capacity"],
            **{f"{when}最近的{unit}数": some.astype(int) for when, some in users.items()},
            **{
                f"{when}每百{unit}容量（人次）": ratio(rows["capacity"], some, 100).round(1)
                for when, some in users.items()
            },
        }
    )
    st.dataframe(table, hide_index=True, placeholder="—", alt="负荷有变化的阵地")
    downloads.offer(
        table, f"假如_负荷_{name}_{asked.what}", scope, key="what_if_loads", label="下载负荷"
    )


def _compare(scope: Scope, asked: Question, scenarios: dict) -> None:
    """Set all scenarios side by side, where there is more than one with steps."""
    rows = []
    for name, steps in scenarios.items():
        if not steps:
            continue
        try:
            result = circles_data.outcome(scope.edition, asked, steps)
            before, after, whole, room_before, room_after = _sums(scope, result)
        except ChunshuiError as error:
            rows.append({"方案": name, "内容": str(error)})
            continue
        rows.append(
            {
                "方案": name,
                "内容": "；".join(step.words for step in steps),
                f"覆盖（{asked.unit}）": int(after),
                f"多覆盖（{asked.unit}）": int(after - before),
                "覆盖率（%）": round(float(ratio(after, whole, 100)), 1),
                "可得容量（人次/日）": round(room_after),
                "多得容量（人次/日）": round(room_after - room_before),
            }
        )
    if not rows:
        return
    st.markdown(
        f"**方案对照**（{asked.what}，{distance_words(asked, asked.farthest_m)}，{asked.whose}）"
    )
    table = pd.DataFrame(rows)
    st.dataframe(table, hide_index=True, alt="各方案对照")
    downloads.offer(table, "假如_对照", scope, key="compare", label="下载对照")


@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs=data.BY_KEY)
def _picture(scope, asked, steps: tuple[Step, ...], kind: str, dark: bool) -> charts.Drawn:
    found, land = circles_data.circles(scope.edition), data.district(scope.edition)
    rows = circles_data.outcome(scope.edition, asked, steps).places
    percents = ratio(rows["after"], rows["denominator"], 100)
    share = dict(zip(rows["community_code"], percents, strict=True))
    said = {
        row.community_code: f"{words.percent(share[row.community_code])}　"
        f"{row.after:,.0f}/{row.denominator:,.0f}<br>变化 {row.gain:+,.0f}<br>"
        f"每千{asked.unit}可得 {ratio(row.room_after, max(row.denominator, 1), 1000):,.1f} 人次"
        for row in rows.itertuples()
    }
    colours = maps.theme.palette(dark)
    layer, squares = maps.shaded(land, share, said, _SHARE_BOUNDS, unit="%", colours=colours)
    now = np.flatnonzero(stations.answering(found, asked))
    closed = [step.station for step in steps if step.station is not None]
    kept = np.setdiff1d(now, closed)
    labels = list(circles_controls.station_labels(found))
    free = candidates.candidate_places(found, asked, kind, scope.streets)
    free["place_name"] += ("<br>" + free["facts"]).where(free["facts"] != "", "")
    look = {"symbol": "cross-thin", "size": 6, "opacity": 0.7,
            "line": {"color": colours.quiet, "width": 1}}  # fmt: skip
    if kind == PREMISES:
        look = {"symbol": "triangle-up", "size": 8, "color": colours.ground,
                "line": {"color": colours.accent, "width": 1.6}}  # fmt: skip
    named = "候选阵地" if kind == STATIONS else f"候选{kind}"
    points = [] if free.empty else [circles_map.places(free, "candidate", named, look, dark)]
    if scope.community:
        mine = (found.buildings["community_code"] == scope.community).to_numpy()
        named = circles_controls.building_labels(found, scope.community)
        metres = circles_data.outcome(scope.edition, asked, steps).metres[mine]
        limits = circles_controls.limits(asked)
        points.append(
            circles_map.buildings(
                found.buildings[mine], list(named), metres, limits, asked.people, dark
            )
        )
    points += circles_map.stations(found.stations.iloc[kept], [labels[k] for k in kept], dark)
    added = [step for step in steps if step.lon is not None]
    if added:
        new = pd.DataFrame(
            {
                "place_id": "",
                "place_name": [step.label for step in added],
                "lon": [step.lon for step in added],
                "lat": [step.lat for step in added],
            }
        )
        points.append(circles_map.places(new, "item", "新增", {"symbol": "circle", "size": 15,
                      "color": colours.accent, "line": {"color": colours.ground, "width": 2}}, dark))  # fmt: skip
    if closed:
        old = found.stations.iloc[closed].rename(
            columns={"station_id": "place_id", "station_name": "place_name"}
        )
        points.append(circles_map.places(old, "item", "停用", {"symbol": "x", "size": 12,
                      "color": colours.accent, "line": {"color": colours.ground, "width": 1}}, dark))  # fmt: skip
    return charts.Drawn(
        maps.canvas(
            land,
            [layer],
            squares,
            title=f"走得到{asked.what}的{asked.whose}占比（变动后）",
            points=points,
            chosen_streets=scope.streets,
            chosen_community=scope.community,
            dark=dark,
            height=circles_map.HEIGHT,
            below=circles_map.BELOW,
            closest=True,
        )
    )
