"""What the reader chooses on the pages of circles and coverage; all in the URL."""

from collections.abc import Iterable

import streamlit as st

from chunshui.catalogue import search
from chunshui.catalogue.metric import Metric, all_metrics
from chunshui.circles.mergers import Relaxed
from chunshui.circles.question import (
    ADULT_SPEED,
    FUNCTIONS,
    LEVELS,
    OLDER_SPEED,
    TARGETS,
    Question,
)
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.click import clicked
from chunshui.ui.shell import filters
from chunshui.ui.topics.circles import data as circles_data
from chunshui.ui.topics.circles.data import (
    METRIC,
    SHOWN,
    Answer,
    building_labels,
    station_labels,
)

VIEWS = ("十分钟圈", "假如", "下一处", "合并")
FEWER, NO_CENTRE, CROWDED = "有人少一项功能", "社区没有中心", "容量不够"
ANY = "不限功能"
DAYS = ("不限时间", "周一", "周二", "周三", "周四", "周五", "周六", "周日")
HOURS = tuple(f"{hour}:{half}" for hour in range(6, 23) for half in ("00", "30"))
# As far as walks are known (1,500 m) at the pace of adults.
WITHIN = (*(f"{minutes}分钟" for minutes in range(3, 21)), "300米", "500米", "800米", "1000米")
PACES = {"按服务对象": None, "成人1.2米/秒": ADULT_SPEED, "老年人0.8米/秒": OLDER_SPEED}
WHO = {"按服务对象": None, "全体居民": "residents", "60岁及以上": "residents_60",
       "0–3岁": "residents_0_3", "住户": "households"}  # fmt: skip
OPTIONS: dict[str, Iterable[str]] = {
    "function": (ANY, *FUNCTIONS), "level": LEVELS, "day": DAYS, "hour": HOURS,
    "within": WITHIN, "pace": PACES, "who": WHO, "view": VIEWS,
    "relax": (FEWER, NO_CENTRE, CROWDED),
}  # fmt: skip


def view() -> str:
    """Draw the choice of what to do on the page."""
    chosen = st.segmented_control(
        "看什么", VIEWS, default=VIEWS[0], key="view", bind="query-params",
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    return chosen or VIEWS[0]


def question(scope: Scope) -> Question:
    """Draw the controls and return what they ask."""
    _warn_of_unknown_options()
    with st.grid(7, min_column_width=132, gap="small"):
        function = _select("功能", "function")
        levels = st.multiselect(
            "层级", LEVELS, key="level", bind="query-params", placeholder="全部层级",
            select_all=False,
        )  # fmt: skip
        day = _select("哪一天", "day")
        hour = _select("几点", "hour", "19:00", disabled=day == DAYS[0])
        within = _select("多远算近", "within", "10分钟")
        pace = _select("步速", "pace")
        who = _select("算谁", "who")
    people = WHO[who] or TARGETS.get(function, "residents")
    speed = PACES[pace] or (OLDER_SPEED if people == "residents_60" else ADULT_SPEED)
    number = float(within.rstrip("分钟米"))
    hours, minutes = hour.split(":")
    return Question(
        circles_data.last_day(scope),
        None if function == ANY else function,
        tuple(level for level in LEVELS if level in levels) or LEVELS,
        DAYS.index(day),
        0 if day == DAYS[0] else int(hours) * 60 + int(minutes),
        number * 60 * speed if within.endswith("分钟") else number,
        people,
        speed,
    )


def _select(label: str, key: str, first: str | None = None, disabled: bool = False) -> str:
    """Draw one choice of the question, at first the option `first`, else the first of all."""
    options = list(OPTIONS[key])
    index = options.index(first) if first else 0
    chosen = st.selectbox(
        label, options, index=index, key=key, bind="query-params", disabled=disabled
    )
    return chosen or options[index]


def _warn_of_unknown_options() -> None:
    """Say what the link asked for that cannot be chosen."""
    for key, options in OPTIONS.items():
        lost = [one for one in st.query_params.get_all(key) if one and one not in options]
        if lost:
            st.warning(
                f"链接里的“{'、'.join(lost)[:60]}”不在可选项里，已改为默认。",
                icon=":material/link_off:",
            )


def relaxed() -> Relaxed:
    """Draw the switches that leave a rule of 合并 aside; none is on at first."""
    switches, how_many = st.columns(2, gap="medium")
    on = switches.pills(
        "放宽条件，允许（都不选则一条也不放宽）", list(OPTIONS["relax"]), key="relax",
        selection_mode="multi", bind="query-params",
    )  # fmt: skip
    most = 0
    if FEWER in on:
        most = how_many.slider(
            "最多允许多少人少一项功能", 100, 5000, 500, 100, key="loss", bind="query-params"
        )
    return Relaxed(most, NO_CENTRE in on, CROWDED in on)


def names_of(relaxed: Relaxed) -> list[str]:
    """Return what a trial relaxes, as a heading says it."""
    fewer = f"至多{relaxed.max_loss:,.0f}{FEWER.removeprefix('有')}"
    said = {fewer: relaxed.max_loss, NO_CENTRE: relaxed.centres, CROWDED: relaxed.room}
    return [name for name, on in said.items() if on]


def coverage_metric() -> Metric:
    """Draw the choice of a coverage metric, bound to the URL parameter `coverage`."""
    metrics = all_metrics()
    chosen = st.selectbox(
        "看哪项覆盖率",
        SHOWN,
        index=SHOWN.index(METRIC),
        format_func=lambda metric_id: metrics[metric_id].name,
        key="coverage",
        bind="query-params",
    )
    return metrics[chosen or METRIC]


# ------------------------------------------------------------------ one station, one building


def station_and_building(scope: Scope, answer: Answer) -> tuple[int | None, int | None]:
    """Draw the choice of a station, and of a building where one community is chosen.

    Returns their positions in `Circles.stations` and `Circles.buildings`.
    """
    circles, building = answer.circles, None
    with st.container(horizontal=True, gap="small"):
        labels = station_labels(circles)
        positions = dict(zip(labels, range(len(labels)), strict=True))
        station = choose(
            "看一处阵地", positions, "station", "点地图，或打名称、拼音首字母", in_url=True
        )
        if scope.community:
            positions = building_labels(circles, scope.community)
            building = choose(
                "看一栋楼", positions, "building", "点地图，或打名称、拼音首字母", in_url=True
            )
        else:
            st.session_state.pop("building", None)
    return station, building


def choose(
    label: str, positions: dict[str, int], key: str, hint: str, *, in_url: bool = False
) -> int | None:
    """Draw a choice by name and return the position of what is chosen; None when nothing is.

    A name may be typed in part, or by its pinyin or initials as in the search: the one that answers is
    chosen, of several the choice offers just these. Other than in the URL it is kept in the session only.
    """
    asked, hits = st.session_state.get(key), []
    if asked not in positions:
        hits = search.named({one: (one,) for one in positions}, asked) if asked else []
        st.session_state[key] = hits[0] if len(hits) == 1 else None
        if asked and len(hits) != 1:
            several = f"有{len(hits)}处，点开选" if hits else "没有找到"
            hint = f"“{asked[:12]}”{several}"
    chosen = st.selectbox(
        label, hits if len(hits) > 1 else list(positions), index=None, key=key, placeholder=hint,
        accept_new_options=True, bind="query-params" if in_url else None,
    )  # fmt: skip
    if chosen and chosen not in positions:  # a link's, which nothing before the choice can replace
        st.rerun()
    return positions.get(chosen) if chosen else None


def pick(chart: str) -> None:
    """Follow a click on the circles' map (a callback): a station, a building, or a place."""
    click = clicked(chart)
    if click is None:
        return
    if click.kind in ("station", "building"):
        st.session_state[click.kind] = click.label
    else:
        for key in ("station", "building"):
            st.session_state[key] = None
        filters.pick(chart)
