"""Tables of the opinion items as they are shown: Chinese heads, units, signs."""

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import ratio, wilson
from chunshui.opinions import flow
from chunshui.opinions.waiting import Waiting
from chunshui.ui.data.remembering import beside
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.opinions import data
from chunshui.ui.widgets.tables import LEDGER, headed, readable

HELD = {
    "late": "逾期", "category": "类别", "community_name": "社区", "tier": "在哪一级", "state": "状态",
    "days": "在这一级（日历日）", "due_on": "应办结日期", "received_on": "首次受理",
    "street_name": "街道", "opinion_id": "事项编号", **LEDGER,
}  # fmt: skip
STEPS = {"step": "步骤", "tier": "层级", "action": "动作", "happened_on": "日期", **LEDGER}
RETURNS = {
    "tier": "退回的一级",
    "below": "退到",
    "back": "退回（次）",
    "ended": "该级转出和办结（次）",
}
RETURNS_BY_STREET = {
    "street_name": "街道", "numerator": "被退回（项）", "denominator": "收到（项）",
}  # fmt: skip
PATHS = {"first": "收件的一级", "furthest": "最高到", "outcome": "结果", "items": "事项（项）"}
CHALLENGES = {
    "state": "状态", "title": "事项", "street_name": "街道", "community_name": "社区",
    "claimed_by": "领题单位", "due_on": "应完成日期", "done_on": "完成日期",
    "unclaimed_days": "等人领（日历日）", "mode": "领题方式", "category": "类别",
    "posted_on": "发榜日期", "result": "结果", "challenge_id": "榜单编号", **LEDGER,
}  # fmt: skip
REPEATED = {
    "neighbourhood_name": "小区", "category": "类别", "repeats": "重复（次）", "first_on": "最早一次",
    "last_on": "最近一次", "street_name": "街道", "community_name": "社区",
}  # fmt: skip
REPEATS = {
    "opinion_id": "事项编号", "repeat_of": "重复件原编号", "received_on": "受理日期",
    "closed_on": "办结日期", "category": "类别", "channel": "来源渠道",
    "neighbourhood_name": "小区", "street_name": "街道", "community_name": "社区", **LEDGER,
}  # fmt: skip
STUCK, LONGER, WITHIN = "▲ 卡点", "停留偏长，未见积压", "在偶然波动之内"
FEW = f"经手不足{flow.FEWEST_VISITS}次，不判断"


@beside
def ladder(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the four tiers with what came in, went out and is in hand."""
    heads = {
        "tier": "层级", "opening": "期初在手", **flow.IN, **flow.OUT, "closing": "月末在手",
        "pending_days": "其中待接（日历日）", "item_days": "各项停留合计（日历日）",
    }  # fmt: skip
    return headed(rows.reset_index(), heads)


@beside
def held(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the items in hand, as they come: those due first first."""
    late = rows["late"].str.removeprefix("逾期").where(rows["is_late"])
    return headed(rows.assign(late=late), HELD)


@beside
def ages(rows: pd.DataFrame) -> pd.DataFrame:
    """Return how many of the items in hand are how long overdue, and how many of these nobody accepted."""
    groups = rows.groupby("age")["state"]
    table = pd.DataFrame(
        {
            "在手（项）": groups.size(),
            "其中待接": groups.agg(lambda one: (one == data.PENDING).sum()),
        }
    )
    return (
        table.reindex([data.NOT_DUE, *data.AGES])
        .fillna(0)
        .astype(int)
        .rename_axis("逾期时长")
        .reset_index()
    )


@beside
def stuck(rows: pd.DataFrame) -> pd.DataFrame:
    """Return tiers of streets with how long items stay and whether that is beyond chance."""
    said = np.select(
        [rows["is_stuck"], rows["is_longer"], rows["is_judged"]], [STUCK, LONGER, WITHIN], FEW
    )
    return readable(
        pd.DataFrame(
            {
                "街道": rows["street_name"],
                "级": rows["tier"],
                "判断": said,
                # What it rests on comes first: a screen has no room for all.
                "比别处多（日历日）": rows["excess"].round(1) + 0.0,  # not -0
                "经手（次）": rows["visits"],
                "待接占比": [words.percent(100 * share) for share in rows["pending"]],
                "近6个月在手增多（月）": rows["risen"],
                "平均停留（日历日）": rows["mean"].round(1),
                "各项合计多（日历日）": rows["item_days"].round(0).astype("Int64"),
            }
        ).reset_index(drop=True)
    )


def number_stuck(rows: pd.DataFrame) -> tuple[str, str]:
    """Return how many bottlenecks there are, and of how many that were judged."""
    return f"{rows['is_stuck'].sum():,}处", f"卡点，可比的共{rows['is_judged'].sum():,}处"


def waits(scope: Scope) -> pd.DataFrame:
    """Return the tiers with how long items stay there, those in hand counted in."""
    found = data.waits(scope)
    return readable(
        {
            "级": list(found),
            "经手（次）": [one.visits for one, _ in found.values()],
            "其中仍在手": [one.still for one, _ in found.values()],
            "半数用时": [_quantile(one.median, one) for one, _ in found.values()],
            "九成用时": [_quantile(one.p90, one) for one, _ in found.values()],
            "平均停留（日历日）": [round(one.mean, 1) for one, _ in found.values()],
            "只看已离开的半数用时": [_left(days) for _, days in found.values()],
        }
    )


def _quantile(days: float | None, known: Waiting) -> str:
    """Write a quantile: "5个日历日"; where it is not reached "超过301个日历日"."""
    if known.visits < flow.FEWEST_VISITS:
        return words.MISSING
    return f"{words.BEYOND}{known.longest:,.0f}个日历日" if days is None else f"{days:,.0f}个日历日"


def _left(days: pd.Series) -> str:
    enough = len(days) >= flow.FEWEST_VISITS
    return f"{days.median():,.0f}个日历日" if enough else words.MISSING


@beside
def returns(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return how often each tier sent items back, and of how many of its visits."""
    table = headed(pairs, RETURNS)
    shares = [_share(*pair) for pair in zip(pairs["back"], pairs["ended"], strict=True)]
    return table.assign(**{"退回占比（95%区间）": shares})


def returns_by_street(places: pd.DataFrame) -> pd.DataFrame:
    """Return which part of the items of each street was sent back, in the order of its `places`.

    That is as registered within chance; a rate on too few items is not written.
    """
    table = headed(places, RETURNS_BY_STREET)
    return table.assign(退回率=places["text"].where(~places["small"], words.TOO_FEW).tolist())


@beside
def repeated(rows: pd.DataFrame) -> pd.DataFrame:
    """Return of what the repeats are about, the most first."""
    return headed(rows, REPEATED)


@beside
def repeats(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the items that are entered as repeats."""
    return headed(rows, REPEATS)


@beside
def answers(rows: pd.DataFrame, place: str) -> pd.DataFrame:
    """Return what the callbacks found by place: counts, and shares with their interval."""
    counts = {
        "place": place, "closed": "办结（项）", "called": "回访（项）", "reached": "接通（项）",
        "solved": "说已解决（项）", "satisfied": "说满意（项）",
    }  # fmt: skip
    table = headed(rows.reset_index(drop=True), counts)
    for column, head in (("solved", "解决率（95%区间）"), ("satisfied", "满意率（95%区间）")):
        pairs = zip(rows[column], rows["reached"], strict=True)
        table[head] = [_share(part, whole) for part, whole in pairs]
    return table


def _share(part: int, whole: int) -> str:
    """Write a share with its interval: "87.5%（71.9–95.0%）"; where the draws are few a dash."""
    if whole < flow.FEWEST_VISITS:
        return words.MISSING
    share = float(ratio(part, whole))
    low, high = wilson(share, whole)
    return f"{words.percent(100 * share)}（{words.percent(100 * low)}–{words.percent(100 * high)}）"


@beside
def paths(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the ways that items took."""
    return headed(rows.reset_index(drop=True), PATHS)


@beside
def challenges(rows: pd.DataFrame) -> pd.DataFrame:
    """Return posted matters with who took them on and how they stand."""
    return headed(rows.assign(state=rows["state"].astype(str)), CHALLENGES)


def challenges_by(rows: pd.DataFrame, column: str, head: str) -> pd.DataFrame:
    """Return posted matters counted by street or by the unit that took them on."""
    counts = pd.crosstab(rows[column], rows["state"].astype(str))
    states = [data.UNCLAIMED, data.LATE, data.UNDER_WAY, data.ENDED]
    counts = counts.reindex(columns=states, fill_value=0).astype(int)
    counts.insert(0, "发榜" if column == "street_name" else "领题", counts.sum(axis=1))
    counts = counts.sort_values([data.UNCLAIMED, data.LATE], ascending=False, kind="stable")
    return counts.rename_axis(index=head, columns=None).reset_index()
