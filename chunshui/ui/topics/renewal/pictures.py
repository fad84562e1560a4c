"""The pictures of renewal, fund and demonstration sites, drawn for a scope and an appearance."""

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.renewal import curves, sayings
from chunshui.ui.charts import Drawn
from chunshui.ui.data import BY_KEY
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.renewal import charts, data, tables
from chunshui.ui.widgets import pictures
from chunshui.ui.widgets.pictures import is_dark

YI, WAN = 1e8, 1e4
MOST = 7
# Of forty columns those that the picture needs: cutting the others costs as much as drawing it.
WAITING = ["project_id", "project_name", "street_name", "community_name", "households"]
WAITING += ["budget_yuan", "paid_yuan", "stage", "waited_days", "usual_days", "cohort"]
WAITING += ["cohort_size", "is_stalled"]
NAMED = 3  # stalled projects named on the map


def waiting(scope: Scope) -> Drawn | None:
    """Return the projects that stand longest over their limit; None when none does."""
    return _waiting(scope, is_dark())


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=BY_KEY)
def _waiting(scope: Scope, dark: bool) -> Drawn | None:
    stuck = data.projects(scope)[WAITING]
    stuck = stuck[stuck["is_stalled"]].head(MOST)
    if stuck.empty:
        return None
    rows = [
        charts.Waiting(
            row.project_id,
            f"{sayings.short(row.project_name)}·{row.street_name.removesuffix('街道')}",
            int(row.waited_days),
            int(row.usual_days),
            f"{row.stage}后 {row.waited_days:,.0f} 天，界限 {row.usual_days:.0f}",
            f"{row.project_name}　{row.street_name}{row.community_name}<br>"
            f"{row.households:,} 户，总投资 {words.number(row.budget_yuan, '元')}，"
            f"已支付 {words.number(row.paid_yuan, '元')}<br>"
            f"界限：{row.cohort}项目九成不超过 {row.usual_days:.0f} 天（{row.cohort_size:.0f} 个项目）",
        )
        for row in stuck.itertuples()
    ]
    return Drawn(charts.waiting(rows, dark=dark))


def district_map(scope: Scope, metric_id: str) -> Drawn:
    """Return the map of a metric by community with the stalled projects marked on it."""
    plain = pictures.district_map(scope, metric_id).to_dict()
    stuck = data.projects(scope)
    stuck = stuck[stuck["is_stalled"]]
    marks = charts.marks(
        [
            charts.Mark(
                row.lon,
                row.lat,
                sayings.short(row.project_name) if rank < NAMED else "",
                f"<b>{row.project_name}</b><br>{row.stage}后已停留 {row.waited_days:,.0f} 天",
                row.community_code,
                row.street_code,
            )
            for rank, row in enumerate(stuck.itertuples())
        ],
        dark=is_dark(),
    )
    return Drawn({**plain, "data": [*plain["data"], *marks]})


def funnel(found: pd.DataFrame, households: bool) -> Drawn:
    """Return how many projects or households reached each stage."""
    values, said = tables.reached(found, households)
    return Drawn(charts.funnel(list(found["stage"]), values, said, dark=is_dark()))


def physical(scope: Scope, milestone: str, households: bool) -> tuple[str, Drawn] | None:
    """Return the finding and the S-curve of one milestone; None when nothing is dated."""
    return _physical(scope, milestone, households, is_dark())


@st.cache_resource(show_spinner=False, max_entries=256, hash_funcs=BY_KEY)
def _physical(scope: Scope, milestone: str, households: bool, dark: bool):
    curve = data.physical(scope, milestone, households)
    if curve.empty:
        return None
    unit, scale = ("户", 1) if households else ("个", 1)
    if curve["planned"].max() >= WAN:
        unit, scale = f"万{unit}", WAN
    months = _months(curve)
    coming = curve["likely"].notna()
    lines = [
        charts.Line(f"计划{milestone}", months, _scaled(curve["planned"], scale), "plan"),
        charts.Line(f"实际{milestone}", months, _scaled(curve["actual"], scale), "done"),
    ]
    band = None
    if milestone == "完工":
        ahead = [month for month, use in zip(months, coming, strict=True) if use]
        likely = curve[coming]
        lines.append(charts.Line("最可能", ahead, _scaled(likely["likely"], scale), "likely"))
        band = (ahead, _scaled(likely["slowest"], scale), _scaled(likely["fastest"], scale))
    gap = curves.gap(curve, "actual", data.as_of(scope))
    said = sayings.behind(gap, "户" if households else "个", f"{milestone}")
    return said, Drawn(charts.s_curve(lines, unit=unit, as_of=scope.month, band=band, dark=dark))


def money(scope: Scope) -> tuple[str, Drawn] | None:
    """Return the finding and the S-curve of money; None when there is none."""
    curve = data.money(scope)
    if curve.empty:
        return None
    months = _months(curve)
    lines = [
        charts.Line("计划", months, _scaled(curve["planned"], YI), "plan"),
        charts.Line("下达", months, _scaled(curve["allocated"], YI), "given"),
        charts.Line("支付", months, _scaled(curve["paid"], YI), "done"),
    ]
    said = sayings.behind(curves.gap(curve, "paid", data.as_of(scope)), "元", "累计支付")
    return said, Drawn(charts.s_curve(lines, unit="亿元", as_of=scope.month, dark=is_dark()))


def sources(found: pd.DataFrame) -> Drawn:
    """Return the money of each source, what was paid on what was planned."""
    planned, paid = _scaled(found["planned_yuan"], YI), _scaled(found["paid_yuan"], YI)
    names = list(found["source"])
    labels = [
        f"<b>{name}</b><br>支付 {part:,.2f}／计划 {whole:,.2f} 亿元"
        for name, whole, part in zip(names, planned, paid, strict=True)
    ]
    said = {"whole_name": "计划", "part_name": "支付", "keys": names, "hovers": labels}
    return Drawn(charts.against(labels, planned, paid, **said, dark=is_dark(), row_px=38))


def timeline(scope: Scope, project: pd.Series, stages: pd.DataFrame, made: pd.DataFrame) -> Drawn:
    """Return the stages of one project on the calendar; `made` holds its forecast or no row."""
    standing = project["stage"] != "未申报" and not project["is_over"]
    # Where the project stands, the words of the waiting take the place of those of the lateness.
    steps = [
        charts.Step(
            row.stage,
            _day(row.planned_on),
            _day(row.actual_on),
            tables.lateness((row.actual_on - row.planned_on).days)
            if pd.notna(row.actual_on) and not (standing and row.stage == project["stage"])
            else "",
        )
        for row in stages.itertuples()
    ]
    limit = "" if pd.isna(project["usual_days"]) else f"，界限 {project['usual_days']:.0f} 天"
    forecast = None
    if len(made) and made[["low_on", "likely_on", "high_on"]].notna().all(axis=None):
        forecast = tuple(_day(made.iloc[0][key]) for key in ("low_on", "likely_on", "high_on"))
    finish = stages.loc[stages["milestone"] == "完工", "stage"]
    return Drawn(
        charts.timeline(
            steps,
            today=data.as_of(scope).date(),
            waiting_since=_day(project["since_on"]) if standing else None,
            waiting_words=f"已停留 {project['waited_days']:,.0f} 天{limit}" if standing else "",
            forecast=forecast,
            forecast_stage=None if finish.empty else finish.iloc[0],
            dark=is_dark(),
        )
    )


def lifts(found: pd.DataFrame) -> Drawn:
    """Return how many lifts are at each standing."""
    order = ["征询中", "同意达标", "已审批", "施工", "投用"]
    counts = found["standing"].value_counts().reindex(order, fill_value=0).tolist()
    return Drawn(charts.funnel(order, counts, [f"{n:,} 部" for n in counts], dark=is_dark()))


def flows(scope: Scope) -> Drawn:
    """Return the fund's money in and out by month with its balance, of the whole district."""
    return _flows(scope.district(), is_dark())


@st.cache_resource(show_spinner=False, max_entries=128, hash_funcs=BY_KEY)
def _flows(scope: Scope, dark: bool) -> Drawn:
    found = data.fund_months(scope)
    return Drawn(
        charts.flows(
            list(found["month"]),
            _scaled(found["income_yuan"], WAN),
            _scaled(found["spent_yuan"], WAN),
            _scaled(found["balance_yuan"], WAN),
            unit="万元",
            dark=dark,
        )
    )


def gaps(found: pd.DataFrame, most: int = 10) -> Drawn:
    """Return the items that most communities lack, those with a demonstration site among them."""
    worst = found[found["lacking"] > 0]
    worst = worst.sort_values(["lacking", "item_id"], ascending=[False, True]).head(most)
    labels = [
        f"<b>{row.item_name}</b><br>{row.lacking} 个，示范 {row.lacking_sites} 个"
        for row in worst.itertuples()
    ]
    hovers = [
        f"<b>{row.item_name}</b><br>{row.dimension} · {row.standard}" for row in worst.itertuples()
    ]
    names = {"whole_name": "未达标社区", "part_name": "其中示范社区"}
    names |= {"keys": list(worst["item_id"]), "hovers": hovers}
    counts = list(worst["lacking"]), list(worst["lacking_sites"])
    return Drawn(charts.against(labels, *counts, **names, dark=is_dark(), row_px=38))


def compared(found: list[data.Compared]) -> Drawn:
    """Return demonstration communities beside the others on the same metrics."""
    rows = [
        charts.Pair(
            one.metric.id,
            one.metric.name,
            (100 * one.ours.value, 100 * one.ours.low, 100 * one.ours.high),
            (100 * one.others.value, 100 * one.others.low, 100 * one.others.high),
        )
        for one in found
    ]
    names = {"our_name": "示范社区", "other_name": "其他社区"}
    return Drawn(charts.compared(rows, **names, dark=is_dark()))


def _months(curve: pd.DataFrame) -> list[str]:
    return list(curve["month"].dt.strftime("%Y-%m"))


def _scaled(values: pd.Series, scale: float) -> list[float | None]:
    return [None if pd.isna(value) else float(value) / scale for value in values]


def _day(when: pd.Timestamp):
    return None if pd.isna(when) else when.date()
