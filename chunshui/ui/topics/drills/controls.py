"""What is chosen and shown on the page of the drills, in the order in which it may be said."""

from collections.abc import Callable, Mapping
from functools import partial

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from chunshui.catalogue.funnel import Funnel
from chunshui.catalogue.metric import get_metric
from chunshui.ranking import communities as communities_of
from chunshui.ranking import finding, tables
from chunshui.ranking.drill import CASES, Drill, Entry
from chunshui.ranking.league import League
from chunshui.ranking.unnamed import public_columns
from chunshui.ui import data as shown_of
from chunshui.ui.charts.base import CONFIG
from chunshui.ui.data.scope import Scope
from chunshui.ui.shell import filters, head, notices
from chunshui.ui.topics.drills import charts, data
from chunshui.ui.widgets import downloads, drill, lists, pick, pictures
from chunshui.ui.widgets.tables import draw as draw_table

BOARD, NAMELESS, METRIC, COMMUNITY_METRIC = "board", "nameless", "funnel", "community_metric"
WEIGHT = "weight_"  # and the metric's id: the sliders, and what the address calls them
REGISTERED = (
    "weights_registered"  # those that the sliders stand for: of the board and year looked at
)
STEP = 0.5


def chosen_board() -> str:
    """Return the board that is looked at, as the address or the choice further below says."""
    asked = st.session_state.get(BOARD) or st.query_params.get(BOARD)
    return asked if asked in data.BOARDS else data.BOARDS[0]


def finding_sentence(scope: Scope, board: str) -> str:
    """Say who stands apart and on what; of one street, where it may lie."""
    found = data.drill(scope, board, nameless=is_nameless())
    if found is None:
        return finding.no_board(scope.month, board)
    progress = data.progress(scope, board, nameless=is_nameless())
    if len(scope.streets) == 1 and scope.streets[0] in found.codes:
        return finding.of_street(found, found.codes.index(scope.streets[0]), progress)
    return finding.of_drill(found, progress)


def is_nameless() -> bool:
    """Whether streets go by letters: as the switch says, before it is drawn as the address does."""
    if NAMELESS in st.session_state:
        return bool(st.session_state[NAMELESS])
    return st.query_params.get(NAMELESS) == "true"


def draw_choices() -> None:
    """Draw the board and the switch of names."""
    with st.container(horizontal=True, vertical_alignment="center"):
        pick.one_of("哪个赛马榜", data.BOARDS, data.BOARDS[0], BOARD)
        st.toggle("不显示名称", key=NAMELESS, bind="query-params")
        st.caption("上方选了街道的，仍写它的名；其余写A街道、B街道。")


def draw(scope: Scope, board: str) -> None:
    """Draw all of the board: who stands apart, intervals, weights, progress, what moved."""
    found = data.drill(scope, board, nameless=is_nameless())
    if found is None:
        notices.empty("赛马指标台账里没有这一年的指标。")
        return
    apart, ranks = st.columns(2, gap="medium")
    with apart:
        _draw_funnel(scope, found)
    # Without the funnel the left column has room for both.
    weighed, progressed = (apart, apart) if is_nameless() else st.columns(2, gap="medium")
    with weighed:
        chosen = _draw_weights(scope, found)
    with progressed:
        _draw_progress(scope, found, board)
    with ranks:
        _draw_intervals(scope, found, chosen)
    with st.container(key="off_phone_moved"):
        _draw_moved(scope, found, board)


def _draw_funnel(scope: Scope, found: Drill) -> None:
    """Draw one metric's streets over what chance would do; the list of all that stand apart.

    Without names no picture: by its bases and values a street is known.
    """
    entries = {e.metric.id: (e, e.funnel) for e in found.entries if e.funnel is not None}
    st.markdown("**谁明显偏离**")
    if not entries:
        notices.empty("榜上没有一件一件数的指标，画不出漏斗。", "")
        return
    if is_nameless():
        st.markdown(f"{finding.of_apart(found) or finding.NOBODY_APART}。")
        st.caption(finding.NAMELESS)
    else:
        _draw_picture(found, entries)
    _list(data.apart(found), "明显偏离的街道", scope, "drill_apart", f"{finding.of_apart(found)}。")


def _list(
    table: pd.DataFrame,
    title: str,
    scope: Scope,
    key: str,
    said: str,
    opens: Callable[[Scope, pd.Series], None] | None = None,
) -> None:
    """Draw a table of streets that are compared, of which without names only some is told."""
    named = not is_nameless()
    if not table.empty:
        shown = table if named else public_columns(table)
        lists.show(shown, title, scope, key, None, opens, table, named, finding=said, compares=True)


def _open_points(
    found: Drill, league: League | None, weights: Mapping[str, float], scope: Scope, row: pd.Series
) -> None:
    """Open what one street's place is made of."""
    at = found.names.index(row[tables.STREET])
    table = tables.points(found, weights, at)
    said = finding.of_points(found, league, at)
    drill.rows(f"{found.names[at]}的得分", table, scope, "drill_points", said)


def _draw_picture(found: Drill, entries: Mapping[str, tuple[Entry, Funnel]]) -> None:
    first = max(entries, key=lambda one: abs(entries[one][1].outside).sum())
    entry, _ = entries[_choose(list(entries), first, METRIC)]
    head.draw_picture_title(st.container(), finding.of_entry(found, entry))
    picture = data.funnel_picture(found, entry.metric.id, pictures.is_dark())
    alt = f"{entry.metric.name}：各街道的基数与数值，灰带内是偶然"
    st.plotly_chart(picture, config=CONFIG, key="drill_funnel", alt=alt)
    st.caption(finding.FUNNEL_COUNTED)


def _choose(ids: list[str], first: str, key: str) -> str:
    """Draw the choice among some metrics, the one that says most first; the address holds the id."""
    names = {one: get_metric(one).name for one in (first, *(i for i in ids if i != first))}
    return pick.by_id("看哪项指标", names, key)


def _draw_intervals(scope: Scope, found: Drill, chosen: Mapping[str, float]) -> None:
    """Draw the ranks in which the streets may lie; on a phone a sentence."""
    with st.container(key="on_phone_ranks"):
        st.markdown(f"**名次区间（90%）**　{finding.of_intervals(found, found.league)}")
        st.info(finding.PHONE, icon=":material/co_present:")
    with st.container(key="off_phone_ranks"):
        tried = dict(chosen) != dict(found.weights)
        league = found.weighed(chosen) if tried else found.league
        st.markdown(f"**名次区间（90%）**{'　:orange-badge[试算，不改记录]' if tried else ''}")
        said = finding.of_intervals(found, league)
        head.draw_picture_title(st.container(), said)
        if league is None:  # a list of streets alone would say nothing
            return
        st.markdown(finding.of_trial(found, league) if tried else "")
        st.plotly_chart(
            charts.intervals(found, league, dark=pictures.is_dark()), config=CONFIG,
            key="drill_ranks", alt="各街道名次区间",
        )  # fmt: skip
        st.caption(finding.COUNTED)
        title = f"名次区间{'_试算' if tried else ''}"
        table = tables.intervals(found, league) if tried else data.intervals(found)
        opens = None if is_nameless() else partial(_open_points, found, league, chosen)
        if opens:
            with st.container(key="screen_only_points"):
                st.caption("点一行，看那个街道的得分从哪里来。")
        _list(table, title, scope, "drill_ranks_table", said, opens)


def _draw_weights(scope: Scope, found: Drill) -> dict[str, float]:
    """Draw weights beside influence, and the sliders of a what-if; return the weights chosen."""
    registered = dict(found.weights)
    if not st.session_state["arrived"] and st.session_state.get(REGISTERED) != registered:
        _reset(registered)  # another board or year: what was tried there is not tried here
    st.session_state[REGISTERED] = registered
    st.markdown("**权重与实际影响**")
    place = st.container()
    with st.expander("试一试别的权重（写在网址里，不改记录）"):
        columns = st.columns(2)
        chosen = {
            entry.metric.id: _slider(columns[at % 2], entry)
            for at, entry in enumerate(found.entries)
        }
        st.button("恢复登记的权重", on_click=_reset, args=(registered,), key="weights_reset")
    said = finding.of_weights(found, chosen)
    with place:
        st.markdown(said)
        # What is tried is not kept: there is no end of it.
        table = data.weights(found) if chosen == registered else tables.weights(found, chosen)
        lists.show(table, "权重与影响", scope, "drill_weights", finding=said)
        st.caption(finding.WEIGHED)
    return chosen


def _slider(place: DeltaGenerator, entry: Entry) -> float:
    return float(
        place.slider(
            f"{entry.metric.short}{'（不参与）' if entry.why_not else ''}",
            0.0, 100.0, float(entry.weight), STEP,
            key=f"{WEIGHT}{entry.metric.id}", format="%g%%", bind="query-params",
        )
    )  # fmt: skip


def _reset(weights: Mapping[str, float]) -> None:
    for metric_id, weight in weights.items():
        st.session_state[f"{WEIGHT}{metric_id}"] = weight


def _draw_progress(scope: Scope, found: Drill, board: str) -> None:
    """Draw who truly progressed."""
    st.markdown("**进步**")
    progress = data.progress(scope, board, nameless=is_nameless())
    said = finding.of_progress(found, progress)
    st.markdown(said)
    _list(data.progress_table(scope, board, is_nameless()), "进步", scope, "drill_progress", said)
    st.caption(finding.PROGRESS_COUNTED)


def _draw_moved(scope: Scope, found: Drill, board: str) -> None:
    """Draw what moved the places, by own points and by those of the others."""
    st.markdown("**名次变动**")
    moved = data.moved(scope, board, nameless=is_nameless())
    said = finding.of_moved(found, moved)
    st.markdown(said)
    if moved is not None:
        _list(data.moved_table(scope, board, is_nameless()), "名次变动", scope, "drill_moved", said)


def draw_communities(scope: Scope, board: str) -> None:
    """Draw the communities by one metric beside their cohorts, without total or rank of cases."""
    found = data.drill(scope, board)
    st.caption(finding.COMMUNITIES)
    if is_nameless():
        notices.empty("不显示名称时不列各社区。", "")
        return
    if found is None:
        notices.empty("赛马指标台账里没有这一年的指标。")
        return
    placed = [entry for entry in found.entries if entry.metric.level == "community"]
    ids = [entry.metric.id for entry in sorted(placed, key=lambda one: one.noise == CASES)]
    metric_id = _choose(ids, ids[0], COMMUNITY_METRIC)
    every = data.communities(scope, board, metric_id)
    rows = data.communities_within(scope, board, metric_id)
    if every is None or rows is None:
        return
    if rows.places.empty:
        notices.empty("本范围没有社区。")
        return
    said = communities_of.sentence(rows)
    st.markdown(f"**{said}**")
    if every.funnels and every.entry.noise == CASES:
        _draw_cohort(every)
    shown = data.communities_table(rows)
    st.caption("点一行，打开那个社区自己的数和走势。")
    labels = filters.community_labels(shown_of.district(scope.edition))
    codes = rows.places["community_code"].loc[shown.index]

    def address_of(row: int) -> str:
        metric = rows.entry.metric.name
        return filters.address(scope, open=metric, of=labels[codes.iloc[row]], tab="走势")

    leads = lists.leading("drill_communities", address_of)
    draw_table(shown, "各社区", most_px=420, **leads)
    downloads.offer(shown, "各社区", scope, key="drill_communities", look="tertiary", finding=said)


def _draw_cohort(rows: communities_of.Communities) -> None:
    """Draw the communities of one cohort over what chance would do."""
    cohorts = {one: f"{one}（{rows.places['basis'].iloc[0]}）" for one in rows.funnels}
    chosen = pick.by_id("看哪一组", cohorts, "cohort")
    at = (rows.places["cohort"] == chosen).to_numpy()
    names, dark = rows.places["community_name"][at].tolist(), pictures.is_dark()
    counts = rows.hits[at], rows.cases[at]
    picture = charts.funnel(
        rows.entry, rows.funnels[chosen], names, *counts, thing="本组", dark=dark
    )
    alt = f"{rows.entry.metric.name}：{chosen}各社区的基数与数值，灰带内是偶然"
    st.plotly_chart(picture, config=CONFIG, key="cohort_funnel", alt=alt)


def draw_held(scope: Scope, board: str) -> None:
    """Draw the drills that were held, each computed again from its row when opened; and this one's row."""
    if is_nameless():
        notices.empty("不显示名称时不列历次拉练：所记的校验值可以拿来对出名称。", "")
        return
    events = data.held(scope)
    if events.empty:
        notices.empty("到这个月还没有登记过拉练。", "")
    else:
        st.markdown(
            f"**登记过{len(events)}次拉练**　点一行，按所记的月份、权重、种子和数据版本重算。"
        )
        shown = pd.DataFrame(
            {
                "拉练编号": events["drill_id"],
                "赛马榜": events["board"],
                "统计月份": events["month"],
                "拉练日期": events["held_on"].dt.strftime("%Y-%m-%d"),
                "种子": events["seed"].astype(str),
                "分组年度": events["cohort_year"].astype(str),
                "数据版本": events["version_id"].fillna("未登记"),
                "结果校验值": events["result_digest"].fillna("未登记"),
            }
        )
        with st.container(key="off_phone_held"):
            lists.show(shown, "历次拉练", scope, "drill_held", 400, _open_held, events)
    found = data.drill(scope, board)
    if found is not None:
        st.caption("本次拉练定了以后，把这一行填进拉练台账，以后随时可以重算出同样的区间。")
        row = data.to_register(scope, found)
        lists.show(row, "拉练台账登记行", scope, "drill_register")


def _open_held(scope: Scope, event: pd.Series) -> None:
    found, said = data.again(scope, event)
    table = pd.DataFrame()
    if found is not None:
        table = tables.intervals(found, found.league)
    title = f"{event['month']}{event['board']}的名次区间"
    drill.rows(title, table, scope, "drill_again", said)


PARTS = {"社区": draw_communities, "历次拉练": draw_held}


def metrics(scope: Scope, board: str) -> tuple[str, ...]:
    """Return the board's metrics, for the page's foot."""
    found = data.drill(scope, board)
    return tuple(entry.metric.id for entry in found.entries) if found else ()
