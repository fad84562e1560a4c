"""What a drill comes to, as tables under their Chinese heads, for pages and for what is frozen of them."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from chunshui import words
from chunshui.catalogue.figure import change, fraction_text, written
from chunshui.catalogue.funnel import Funnel
from chunshui.month import Month
from chunshui.ranking.changes import Moved, Progress, Tested
from chunshui.ranking.drill import Drill, Entry
from chunshui.ranking.league import League

STREET, RANKS, LACKING = "街道", "名次区间", "缺数据的"
BEYOND_CHANCE, CHANGE = "剔除偶然波动后", "变化"


def intervals(drill: Drill, league: League | None) -> pd.DataFrame:
    """Return the streets with their ranks' interval, what is said of them and what lacks, in its order."""
    lacking = [
        "、".join(e.metric.short for e in drill.admitted if not e.cases[at]) or words.MISSING
        for at in range(len(drill.codes))
    ]
    rows = pd.DataFrame({STREET: list(drill.names)})
    if league is not None:
        pairs = zip(league.low, league.high, strict=True)
        rows[RANKS] = [f"{low}–{high}" if low < high else f"{low}" for low, high in pairs]
        rows["判断"] = league.verdicts
    if any(one != words.MISSING for one in lacking):
        rows[LACKING] = lacking
    return rows if league is None else rows.iloc[league.order].reset_index(drop=True)


def points(drill: Drill, weights: Mapping[str, float], at: int) -> pd.DataFrame:
    """Return what one street's points are made of: of each metric that takes part its value and its points."""
    mine = [
        (entry, float(np.broadcast_to(entry.scores.mean(1), entry.cases.shape)[at]))
        for entry in drill.admitted
    ]
    return pd.DataFrame(
        {
            "指标": [entry.metric.short for entry, _ in mine],
            "数值": [
                written(e.metric, float(e.values[at])).text if e.cases[at] else words.MISSING
                for e, _ in mine
            ],
            "构成": [fraction_text(e.metric, e.hits[at], e.cases[at], 0) for e, _ in mine],
            "零分线": [written(entry.metric, entry.floor).text for entry, _ in mine],
            "满分线": [written(entry.metric, entry.target).text for entry, _ in mine],
            "得分（满分100）": [f"{one:.0f}" for _, one in mine],
            "权重": [f"{weights.get(entry.metric.id, 0):g}%" for entry, _ in mine],
        }
    )


def spans(table: pd.DataFrame) -> tuple[tuple[int, int], ...] | None:
    """Return the ranks from which to which each row of `intervals` may lie; None without a league."""
    if RANKS not in table:
        return None
    ends = (one.partition("–") for one in table[RANKS])
    return tuple((int(low), int(high or low)) for low, _, high in ends)


def weights(drill: Drill, chosen: Mapping[str, float]) -> pd.DataFrame:
    """Return the board's metrics: weight, influence, floor, target, and whether each tells apart."""
    shares = drill.influence(chosen)
    return pd.DataFrame(
        {
            "指标": [entry.metric.short for entry in drill.entries],
            "权重": [f"{chosen.get(entry.metric.id, 0):g}%" for entry in drill.entries],
            "影响": [
                _share(shares[entry.metric.id]) if entry.metric.id in shares else words.MISSING
                for entry in drill.entries
            ],
            "能否分出先后": [_tells(entry) for entry in drill.entries],
            "性质": [entry.noise for entry in drill.entries],
            "零分线": [written(entry.metric, entry.floor).text for entry in drill.entries],
            "满分线": [written(entry.metric, entry.target).text for entry in drill.entries],
        }
    )


def _share(value: float) -> str:
    return f"{value:.0%}".replace("-0%", "0%")


def _tells(entry: Entry) -> str:
    if entry.why_not:
        return "不参与：" + entry.why_not
    if entry.reliability is None:
        return "能（清点的实数）"
    return f"能（街道之差{entry.reliability:.0%}不是偶然）"


def apart(drill: Drill) -> pd.DataFrame:
    """Return a row for each street and metric that stands apart: value, n of N, the district's."""
    rows = [
        {
            STREET: drill.names[at],
            "指标": f"{entry.metric.name}{_since(entry, drill)}",
            "判断": "偏高" if found.outside[at] > 0 else "偏低",
            "数值": written(entry.metric, _rate(entry, at)).text,
            "全区": written(entry.metric, found.centre * entry.metric.scale).text,
            "构成": fraction_text(entry.metric, entry.now_hits[at], entry.now_cases[at], 0),
        }
        for entry, found, at in _outside(drill)
    ]
    columns = [STREET, "指标", "判断", "数值", "全区", "构成"]
    return pd.DataFrame(rows, columns=columns)


def apart_better(drill: Drill) -> tuple[bool, ...]:
    """Return of each row of `apart` whether it is for the better."""
    return tuple(
        bool(found.outside[at] > 0) == (entry.metric.direction == "up")
        for entry, found, at in _outside(drill)
    )


def _since(entry: Entry, drill: Drill) -> str:
    """Say since when a metric counts whose count began before the month: （1至10月）."""
    month = Month.parse(drill.month)
    began = entry.metric.begun(month)
    return f"（{began.number}至{month.number}月）" if began and began < month else ""


def _outside(drill: Drill) -> Iterator[tuple[Entry, Funnel, int]]:
    for entry in drill.entries:
        if (found := entry.funnel) is not None:
            for at in np.flatnonzero(found.outside).tolist():
                yield entry, found, at


def _rate(entry: Entry, at: int) -> float:
    return float(entry.metric.scale * entry.now_hits[at] / entry.now_cases[at])


def progress(drill: Drill, found: Progress | None) -> pd.DataFrame:
    """Return a row for each true progress: the change less what chance did, as it was, both values.

    Who progressed in all cases together has a row of it where no single metric shows it.
    """
    columns = [STREET, "指标", BEYOND_CHANCE, CHANGE, "今年", "去年同期"]
    if found is None:
        return pd.DataFrame(columns=columns)
    rows = [
        _progressed(drill, one, at)
        for one in found.tested
        for at in np.flatnonzero(one.is_named).tolist()
    ]
    told = {row[STREET] for row in rows}
    rows += [
        dict(
            zip(
                columns,
                (drill.names[at], "办件各项合计", *[words.MISSING] * 4),
                strict=True,
            )
        )
        for at in np.flatnonzero(found.total_named).tolist()
        if drill.names[at] not in told
    ]
    return pd.DataFrame(rows, columns=columns)


def _progressed(drill: Drill, one: Tested, at: int) -> dict[str, str]:
    entry, metric = one.entry, one.entry.metric
    counts = [(one.before_hits, one.before_cases), (entry.hits, entry.cases)]
    said = [f"（{hits[at]:,.0f}/{of[at]:,.0f}）" for hits, of in counts]
    was, now = float(one.before[at]), float(entry.values[at])
    moved = change(metric, now, was)
    return {
        STREET: drill.names[at],
        "指标": metric.short,
        "去年同期": f"{written(metric, was).text}{said[0]}",
        "今年": f"{written(metric, now).text}{said[1]}",
        CHANGE: words.change(moved, metric.unit),
        BEYOND_CHANCE: f"约{words.way(one.true_change[at], metric.unit)}{abs(one.true_change[at]):.0f}"
        + ("个百分点" if metric.unit == "%" else metric.unit),
    }


def moved(drill: Drill, found: Moved) -> pd.DataFrame:
    """Return how each street's points moved, by metric, and its mean rank by its own and others' points."""
    parts = {
        f"{entry.metric.short}（分）": [_signed(one) for one in row]
        for entry, row in zip(found.entries, found.points, strict=True)
    }
    return pd.DataFrame(
        {
            STREET: list(drill.names),
            "得分变化": [_signed(one) for one in found.points.sum(0)],
            "平均名次": [_moved(one) for one in found.own + found.others],
            "因自身得分": [_moved(one) for one in found.own],
            "因其他街道得分": [_moved(one) for one in found.others],
            **parts,
        }
    )


def _moved(ranks: float) -> str:
    return "不变" if abs(ranks) < 0.05 else f"{'前移' if ranks < 0 else '后移'}{abs(ranks):.1f}"


def _signed(value: float) -> str:
    return "0" if abs(value) < 0.05 else f"{value:+.1f}"
