"""What is chosen and opened on the page of the opinion items."""

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.figure import ratio
from chunshui.catalogue.wording import place_sentence, ranking_sentence
from chunshui.opinions import flow
from chunshui.ui.charts.base import CONFIG
from chunshui.ui.data import by_street, claims, figure, figures, has_ledger, places
from chunshui.ui.data.remembering import remembered
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.opinions import charts, data, finding, tables
from chunshui.ui.widgets import downloads, drill, lists, notes, pick
from chunshui.ui.widgets.tables import headed

TILES = (
    "opinion_on_time_rate",
    "opinion_closed_within",
    "opinions_open_overdue",
    "opinion_return_rate",
    "opinion_local_rate",
    "opinion_pending_share",
)
BESIDE = (
    "opinions_received",
    "opinion_closing_rate",
    "opinion_closing_days",
    "opinion_quick_close",
)
STAYS = "各街道各级停留"
EVENTS, CALLBACKS = "opinion_event", "opinion_callback"
ANSWERS = ("opinion_solved_rate", "opinion_satisfied_rate")
CHALLENGES = ("challenge_claim_rate", "challenge_on_time", "challenge_waiting")
BY = {"事项": None, "街道": "street_name", "领题单位": "claimed_by"}
PLACES = {
    "按时办结率": "opinion_on_time_rate",
    "10个工作日办结率": "opinion_closed_within",
    "退回率": "opinion_return_rate",
    "待接占比": "opinion_pending_share",
}


@remembered(256)
def finding_sentence(scope: Scope) -> str:
    """Say what came in and went out in the year, who is in time, and who keeps items longer."""
    flows, year = data.balance(scope, data.YEAR), data.window_words(scope, data.YEAR)
    said = finding.NO_FLOW
    if has_ledger(scope, EVENTS):
        said = finding.of_flow(flows, data.held(scope), year, scope.words)
    rate = figure(scope, TILES[0])
    in_time = ""
    if rate.value is not None:
        listed = places(scope, TILES[0])
        in_time = place_sentence(rate, listed)
    tiers = data.stuck(scope)
    if tiers.empty or not tiers["is_longer"].any():
        return f"{said}{in_time}"
    one_street = len(set(tiers["street_code"])) == 1
    return f"{said}{finding.of_longer(tiers[tiers['is_longer']], one_street)}。{in_time}"


def draw_ladder(scope: Scope) -> str:
    """Draw the four tiers, each with what came in, went out and is in hand; a tier opens its items.

    Returns the time chosen for it.
    """
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            "**四级收、转、结**（小区解决、社区协调、街道统筹、部门认领）　"
            ":small[期初＋收进－转出－办结＝在手；待接是转来还没有受理的；点一级看在手事项]"
        )
        choice = pick.one_of("看哪段时间", list(data.WINDOWS), data.YEAR, "opinions_window")
    rows, held = data.balance(scope, choice), data.held(scope)
    for column, tier in zip(st.columns(len(flow.TIERS), gap="small"), flow.TIERS, strict=True):
        with column.container(border=True, height="stretch"):
            _draw_tier(scope, tier, rows.loc[tier], held[held["tier"] == tier])
    st.caption(finding.of_left_out(data.left_out(scope)))
    said = finding.of_flow(rows, held, data.window_words(scope, choice), scope.words, named=False)
    number = f"{len(held):,}项", "月末在手"
    title = f"四级收转结_{choice}"
    downloads.seen(tables.ladder(rows), title, scope, said, number, nameless=True)
    if not (
        places := data.stuck(scope)
    ).empty:  # the page's finding names it, whichever part is open
        said, number = finding.of_stuck(places), tables.number_stuck(places)
        downloads.seen(tables.stuck(places), STAYS, scope, said, number)
    return choice


def _draw_tier(scope: Scope, tier: str, row: pd.Series, held: pd.DataFrame) -> None:
    """Draw one tier: in hand, how that balances, and how much of its time items were not accepted."""
    if st.button(f"{tier}：在手**{row['closing']:,}**项", key=f"figure_{tier}", width="stretch"):
        drill.rows(
            f"{tier}一级在手的民情", tables.held(held), scope, "tier_rows", finding.of_held(held)
        )
    came = [f"{how}{row[key]:,}" for key, how in flow.IN.items() if row[key]]
    went = [f"{how}{row[key]:,}" for key, how in flow.OUT.items() if row[key]]
    st.markdown(
        f"期初{row['opening']:,}"
        + "".join(f" ＋ {one}" for one in came)
        + "".join(f" － {one}" for one in went)
        + f" ＝ **{row['closing']:,}**"
    )
    if row["item_days"]:
        share = float(ratio(row["pending_days"], row["item_days"]))
        said = f"停留共{row['item_days']:,}个日历日，待接占{words.percent(100 * share)}"
        st.progress(share, said)


def draw_held(scope: Scope, _: str) -> None:
    """Draw the items in hand; a row opens the steps of one."""
    rows = data.held(scope)
    said = finding.of_held(rows)
    st.markdown(f"**{said}** {'' if rows.empty else '点一行看它怎么流转。'}")
    if rows.empty:
        return
    if rows["is_estimated"].any():
        st.caption(finding.ESTIMATED)
    old, listed = st.columns([2, 5], gap="medium")
    with old:
        st.markdown("在手事项逾期时长")
        number = f"{len(rows):,}项", "月末在手"
        downloads.seen(tables.ages(rows), "在手事项逾期时长", scope, said, number, nameless=True)
        alt = "在手的民情按逾期工作日分"
        st.plotly_chart(charts.ages(scope), config=CONFIG, alt=alt, key="opinion_ages")
    with listed:
        table = tables.held(rows)
        lists.show(table, "在手的民情", scope, "held", 420, open_item, rows, finding=said)


def draw_stuck(scope: Scope, _: str) -> None:
    """Draw which tier of which street is a bottleneck."""
    rows = data.stuck(scope)
    said = finding.of_stuck(rows)
    st.markdown(f"**{said}**")
    st.caption(finding.STUCK_COUNTED)
    if not rows.empty:
        number = tables.number_stuck(rows)
        lists.show(tables.stuck(rows), STAYS, scope, "stuck", 420, finding=said, number=number)


def draw_waits(scope: Scope, _: str) -> None:
    """Draw how long items stay at each tier."""
    said = finding.of_waits(data.waits(scope))
    st.markdown(f"**{said}**")
    st.caption(finding.WAITS_COUNTED)
    lists.show(tables.waits(scope), "各级用时", scope, "waits", finding=said)


def draw_returns(scope: Scope, choice: str) -> None:
    """Draw how often each tier sent items back to the one below."""
    pairs = data.returns(scope, choice)
    said = finding.of_returns(pairs, data.window_words(scope, choice))
    st.markdown(f"**{said}**")
    tiers_side, streets_side = st.columns(2, gap="medium")
    with tiers_side:
        lists.show(tables.returns(pairs), "各级退回", scope, "returns", finding=said)
    streets = by_street(scope, "opinion_return_rate")
    if len(streets) > 1:
        rate = figure(scope, "opinion_return_rate")
        said = ranking_sentence(rate, streets)
        with streets_side:
            st.markdown(f"{data.window_words(scope, data.YEAR)}{said}。")
            st.caption("差距在偶然波动之内的街道不分先后，按登记顺序列；明显偏离的列在两头。")
            table = tables.returns_by_street(streets)
            lists.show(table, "各街道退回率", scope, "returns_by_street", finding=said)
    _draw_repeats(scope, choice)


def _draw_repeats(scope: Scope, choice: str) -> None:
    """Draw what is asked again and again, as their ledger links it; a row opens the items."""
    items = data.repeats(scope, choice)
    rows = data.repeated(items)
    said = finding.of_repeats(rows, data.window_words(scope, choice))
    st.markdown(f"**{said}** :small[只认台账上登记的重复，同类事先后来的不推定]")

    def open_repeats(scope: Scope, row: pd.Series) -> None:
        mine = items.merge(row.to_frame().T[["community_name", "neighbourhood_name", "category"]])
        drill.rows("登记为重复件的民情", tables.repeats(mine), scope, "repeat_rows")

    if not rows.empty:
        table = tables.repeated(rows)
        lists.show(table, "重复的民情", scope, "repeats", 320, open_repeats, rows, finding=said)


def draw_answers(scope: Scope, choice: str) -> None:
    """Draw what people said when they were called after an item was closed."""
    if not has_ledger(scope, CALLBACKS):
        st.markdown(f"**{finding.NO_CALLS}**")
        return
    rows = data.answers(scope, choice)
    said = finding.of_answers(rows, data.window_words(scope, choice))
    st.markdown(f"**{said}**")
    st.caption(finding.ANSWERS_COUNTED)
    drill.buttons(scope, figures(scope, ANSWERS).values())
    if not rows.empty:
        place = "社区" if scope.community or len(scope.streets) == 1 else "街道"
        lists.show(tables.answers(rows, place), f"各{place}回访", scope, "answers", finding=said)


def draw_ways(scope: Scope, choice: str) -> None:
    """Draw the ways that the items took through the tiers, beside the table they are drawn from."""
    rows = data.paths(scope, choice)
    closed = int(data.balance(scope, choice)["closed"].sum())
    said = finding.of_paths(rows, closed, data.window_words(scope, choice))
    st.markdown(f"**{said}**")
    if rows.empty:
        return
    picture, table = st.columns([3, 2], gap="medium")
    with picture:
        alt = "民情流向：收件的一级、最高到的一级、结果"
        st.plotly_chart(charts.ways(scope, choice), config=CONFIG, alt=alt, key="opinion_ways")
    with table:
        lists.show(tables.paths(rows), "民情流向", scope, "ways", finding=said)


def draw_challenges(scope: Scope, _: str) -> None:
    """Draw the posted matters, one by one or counted by street or unit; their figures open."""
    if not has_ledger(scope, "challenge"):
        st.markdown(f"**{finding.NO_BOARD}**")
        return
    rows = data.challenges(scope)
    said = finding.of_challenges(
        rows, data.posted(scope, rows), data.window_words(scope, data.YEAR)
    )
    st.markdown(f"**{said}**")
    drill.buttons(scope, figures(scope, CHALLENGES).values())
    if rows.empty:
        return
    by = pick.one_of("按什么看", list(BY), "事项", "challenges_by")
    if column := BY[by]:
        table = tables.challenges_by(rows, column, by)
    else:
        table = tables.challenges(rows)
    lists.show(table, f"揭榜领题_{by}", scope, "challenges", 420, finding=said)


def open_item(scope: Scope, item: pd.Series) -> None:
    """Open the steps of one item, with their ledger rows."""
    rows = data.steps(scope, item["opinion_id"])
    title = f"民情{item['opinion_id']}的流转"
    drill.rows(title, headed(rows, tables.STEPS), scope, "item_steps", finding.of_item(item))


def draw_places(scope: Scope, _: str) -> None:
    """Draw the published count beside ours, two figures that open, and the ranking of places."""
    notes.claims(claims(scope, "opinions_received"), scope)
    drill.buttons(scope, figures(scope, BESIDE).values())
    pick.ranking(scope, PLACES, "opinions_ranked")


# The parts of the page below the ladder, each drawn for a scope and the time chosen; those that are
# told from the flow of the items.
PARTS = {
    "在手事项": draw_held,
    "卡在哪里": draw_stuck,
    "各级用时": draw_waits,
    "退回与重复": draw_returns,
    "流向": draw_ways,
    "回访": draw_answers,
    "揭榜领题": draw_challenges,
    "各地比较": draw_places,
}
FLOWING = tuple(PARTS)[:5]
