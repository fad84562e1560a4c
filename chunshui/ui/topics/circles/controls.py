"""What the page of the circles asks: function, level, time, distance; all of it in the URL."""

import streamlit as st

from chunshui.circles.model import Circles
from chunshui.circles.question import (
    ADULT_SPEED,
    FUNCTIONS,
    LEVELS,
    OLDER_SPEED,
    TARGETS,
    Question,
    clock,
    weekday_words,
)
from chunshui.ui.data.scope import Scope
from chunshui.ui.map.click import clicked
from chunshui.ui.shell import filters
from chunshui.ui.topics.circles import data as circles_data

VIEWS = ("十分钟圈", "假如", "下一处", "合并")
ANY = "不限功能"
DAYS = ("不限时间", "周一", "周二", "周三", "周四", "周五", "周六", "周日")
HOURS = tuple(f"{hour}:{half}" for hour in range(6, 23) for half in ("00", "30"))
WITHIN = ("5分钟", "10分钟", "15分钟", "300米", "500米", "800米", "1000米")
MINUTES, METRES = (5.0, 10.0, 15.0), (300.0, 500.0, 800.0, 1000.0)
PACES = {"按服务对象": None, "成人 1.2 米/秒": ADULT_SPEED, "老年人 0.8 米/秒": OLDER_SPEED}
WHO = {"按服务对象": None, "全体居民": "residents", "60岁及以上": "residents_60",
       "0–3岁": "residents_0_3", "住户": "households"}  # fmt: skip
KEYS = ("view", "function", "level", "day", "hour", "within", "pace", "who")


def view() -> str:
    """Draw the choice of what to do on the page."""
    chosen = st.segmented_control(
        "看什么", VIEWS, default=VIEWS[0], key="view", bind="query-params",
        label_visibility="collapsed", required=True,
    )  # fmt: skip
    return chosen or VIEWS[0]


def question(scope: Scope) -> Question:
    """Draw the controls and return what they ask."""
    asked_in_vain()
    with st.grid(7, min_column_width=132, gap="small"):
        function = st.selectbox("功能", [ANY, *FUNCTIONS], key="function", bind="query-params")
        levels = st.multiselect(
            "层级", LEVELS, key="level", bind="query-params", placeholder="全部层级",
            select_all=False,
        )  # fmt: skip
        day = st.selectbox("哪一天", DAYS, key="day", bind="query-params")
        hour = st.selectbox(
            "几点", HOURS, index=HOURS.index("19:00"), key="hour", bind="query-params",
            disabled=day == DAYS[0],
        )  # fmt: skip
        within = st.selectbox("多远算近", WITHIN, index=1, key="within", bind="query-params")
        pace = st.selectbox("步速", list(PACES), key="pace", bind="query-params")
        who = st.selectbox("算谁", list(WHO), key="who", bind="query-params")
    named = None if function == ANY else function
    people = WHO[who] or TARGETS.get(named, "residents")
    speed = PACES[pace] or (OLDER_SPEED if people == "residents_60" else ADULT_SPEED)
    number = float(within.rstrip("分钟米"))
    hours, minutes = hour.split(":")
    return Question(
        circles_data.last_day(scope),
        named,
        tuple(level for level in LEVELS if level in levels) or LEVELS,
        DAYS.index(day),
        0 if day == DAYS[0] else int(hours) * 60 + int(minutes),
        number * 60 * speed if within.endswith("分钟") else number,
        people,
        speed,
    )


def asked_in_vain() -> None:
    """Say what the link asked for that cannot be chosen."""
    known = {"function": (ANY, *FUNCTIONS), "level": LEVELS, "day": DAYS,
             "hour": HOURS, "within": WITHIN, "pace": tuple(PACES), "who": tuple(WHO),
             "view": VIEWS}  # fmt: skip
    for key, options in known.items():
        lost = [one for one in st.query_params.get_all(key) if one and one not in options]
        if lost:
            st.warning(
                f"链接里的“{'、'.join(lost)[:60]}”不在可选项里，已改为默认。",
                icon=":material/link_off:",
            )


def limits(asked: Question) -> tuple[float, ...]:
    """Return the distances whose bands are drawn: minutes of the pace, or the standard's metres."""
    minutes = tuple(minute * 60 * asked.speed for minute in MINUTES)
    return minutes if asked.farthest_m in minutes else METRES


def distance_words(asked: Question, metres: float) -> str:
    """Write a distance as the reader chose to: "10 分钟（720 米）" or "500 米"."""
    minutes = metres / 60 / asked.speed
    if asked.farthest_m in METRES or metres not in limits(asked):
        return f"{metres:,.0f} 米"
    return f"{minutes:.0f} 分钟（{metres:,.0f} 米）"


def edge_words(asked: Question, metres: float) -> str:
    """Write a distance for a legend, shortly: "10分钟 720米" or "500米"."""
    if asked.farthest_m in METRES:
        return f"{metres:,.0f}米"
    return f"{metres / 60 / asked.speed:.0f}分钟 {metres:,.0f}米"


def time_words(asked: Question) -> str:
    """Write when: "周三 19:00", or nothing."""
    if not asked.weekday:
        return ""
    return f"{weekday_words(asked.weekday)} {clock(asked.minute)} "


# ------------------------------------------------------------------ one station, one building


def station_labels(found: Circles) -> dict[str, int]:
    """Return what each station is called in a choice, and its position; names met twice get ids."""
    rows = found.stations
    twice = rows["station_name"].duplicated(keep=False)
    labels = rows["station_name"].where(~twice, rows["station_name"] + "·" + rows["station_id"])
    return dict(zip(labels, range(len(rows)), strict=True))


def building_labels(found: Circles, community: str) -> dict[str, int]:
    """Return what each building of a community is called in a choice, and its position."""
    rows = found.buildings[found.buildings["community_code"] == community]
    twice = rows["building_name"].duplicated(keep=False)
    labels = rows["building_name"].where(~twice, rows["building_name"] + "·" + rows["building_id"])
    return dict(zip(labels, rows.index, strict=True))


def choice(label: str, options: dict[str, int], key: str, hint: str) -> int | None:
    """Draw the choice of one station or building, bound to the URL; None when none is chosen."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = None
    chosen = st.selectbox(
        label, list(options), index=None, key=key, bind="query-params", placeholder=hint
    )
    return options.get(chosen)


def pick_one(label: str, options: dict[str, int], key: str, hint: str) -> int | None:
    """Draw a choice of the moment, kept in the session and not in the URL."""
    if st.session_state.get(key) not in options:
        st.session_state[key] = None
    chosen = st.selectbox(label, list(options), index=None, key=key, placeholder=hint)
    return options.get(chosen)


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
