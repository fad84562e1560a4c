"""The scenarios (方案) of 假如: under a name, in the session and in the address.

There a reload, the browser's back, a link and a kept view (我的视图) find them again. A step is one
parameter, a list in JSON: scenario, what, where, the id of the station, lon, lat, function, capacity;
a scenario without steps is its name alone.
"""

import json
import math

import streamlit as st

from chunshui.circles.model import Circles
from chunshui.circles.question import FUNCTIONS
from chunshui.circles.scenario import Step

STEPS = "step"  # of the address
FIRST = "方案一"
ADD, CLOSE, MOVE = "新增", "停用", "迁移"
MOST, NAME_LENGTH, LABEL_LENGTH = 60, 20, 80
Plans = dict[str, tuple[Step, ...]]
CHOSEN, PLANS, IN_ADDRESS = "scenario", "scenarios", "steps_in_address"  # of the session


def follow(circles: Circles) -> Plans:
    """Return the scenarios: those of the address where it says others than the session holds."""
    state, asked = st.session_state, st.query_params.get_all(STEPS)
    held = state.setdefault(PLANS, {FIRST: ()})
    if asked != state.get(IN_ADDRESS, []) and (asked or not state["arrived"]):
        held, strange = read(asked, circles)
        state[PLANS] = held
        if strange:
            st.warning(
                f"链接里的方案有{strange}步读不出，或所指的阵地本版本没有，已略去。",
                icon=":material/link_off:",
            )
    if state.get(CHOSEN) not in (None, *held):
        state[CHOSEN] = next(iter(held))
    return held


def settle(circles: Circles) -> None:
    """Put the scenarios into the address; none of an untouched page."""
    plans = st.session_state[PLANS]
    steps = [] if plans == {FIRST: ()} else written(plans, circles)
    if steps != st.query_params.get_all(STEPS):
        if steps:
            st.query_params[STEPS] = steps
        else:
            del st.query_params[STEPS]
    st.session_state[IN_ADDRESS] = steps


def written(plans: Plans, circles: Circles) -> list[str]:
    """Return scenarios as parameters of an address."""
    ids = circles.stations["station_id"].tolist()
    parts = []
    for name, steps in plans.items():
        for step in steps:
            station = None if step.station is None else ids[step.station]
            place = step.lon, step.lat, step.function, step.capacity
            parts.append([name, step.kind, step.label, station, *place])
        if not steps:
            parts.append([name])
    return [json.dumps(part, ensure_ascii=False, separators=(",", ":")) for part in parts]


def read(asked: list[str], circles: Circles) -> tuple[Plans, int]:
    """Return the scenarios that parameters say, and how many of them cannot be read."""
    places = {one: at for at, one in enumerate(circles.stations["station_id"])}
    plans: Plans = {}
    strange = max(len(asked) - MOST, 0)
    for text in asked[:MOST]:
        try:
            name, *step = json.loads(text)
            name = str(name).strip()[:NAME_LENGTH].rstrip()
            steps = (_step(*step, places=places),) if step else ()
        except (ValueError, TypeError, KeyError):
            strange += 1
            continue
        plans[name] = (*plans.get(name, ()), *steps)
    return plans or {FIRST: ()}, strange


def _step(kind, label, station, lon, lat, function, capacity, *, places: dict[str, int]) -> Step:
    """Return a step of an address; raise ValueError, TypeError or KeyError for one that cannot be."""
    has_place = kind in (ADD, MOVE)
    if kind not in (ADD, CLOSE, MOVE) or function not in (None, *FUNCTIONS):
        raise ValueError(kind)
    if capacity is not None and not 0 < float(capacity) <= 100_000:
        raise ValueError(capacity)
    if has_place and not (math.isfinite(float(lon)) and math.isfinite(float(lat))):
        raise ValueError(lon)
    return Step(
        kind,
        str(label)[:LABEL_LENGTH],
        None if kind == ADD else places[station],
        float(lon) if has_place else None,
        float(lat) if has_place else None,
        function if kind == ADD else None,
        float(capacity) if capacity is not None else None,
    )


def make(name: str) -> None:
    """Begin a scenario under a name, or choose the one that has it (a callback)."""
    if name := name.strip():
        st.session_state[PLANS].setdefault(name, ())
        st.session_state[CHOSEN] = name


def rename(old: str, new: str) -> None:
    """Give a scenario another name, in its place (a callback); one that is taken is not given."""
    plans, new = st.session_state[PLANS], new.strip()
    if new and new not in plans:
        st.session_state[PLANS] = {new if one == old else one: plans[one] for one in plans}
        st.session_state[CHOSEN] = new


def delete(name: str) -> None:
    """Forget a scenario (a callback)."""
    left = {one: steps for one, steps in st.session_state[PLANS].items() if one != name}
    st.session_state[PLANS] = left or {FIRST: ()}
    st.session_state[CHOSEN] = next(iter(st.session_state[PLANS]))


def add(name: str, step: Step) -> None:
    """Add a step to a scenario (a callback); a station is changed once."""
    plans = st.session_state[PLANS]
    taken = {one.station for one in plans[name] if one.station is not None}
    if step not in plans[name] and (step.station is None or step.station not in taken):
        plans[name] = (*plans[name], step)


def drop(name: str, at: int) -> None:
    """Take a step out of a scenario (a callback)."""
    steps = st.session_state[PLANS][name]
    st.session_state[PLANS][name] = steps[:at] + steps[at + 1 :]
