"""The pictures of renovation, drawn for a scope and an appearance."""

from datetime import date

import pandas as pd

from chunshui import words
from chunshui.drawing import theme
from chunshui.renewal import curves, wording
from chunshui.ui import charts
from chunshui.ui.charts import Drawn, Forecast, Line, Step, Wait, Waiting
from chunshui.ui.charts.base import HOVER
from chunshui.ui.data.scope import Scope
from chunshui.ui.data.views import as_of
from chunshui.ui.map.click import Click
from chunshui.ui.topics.renovation import data, tables
from chunshui.ui.widgets import pictures
from chunshui.ui.widgets.pictures import is_dark, kept
from chunshui.ui.widgets.tables import WAN

YI = 1e8
MOST = 7
# Of forty columns those that the picture needs: cutting the others costs as much as drawing it.
WAITING = ["project_id", "project_name", "street_name", "community_name", "households"]
WAITING += ["budget_yuan", "paid_yuan", "stage", "waited_days", "usual_days", "cohort"]
WAITING += ["cohort_size", "is_stalled"]
NAMED = 3  # stalled projects named on the map
LIFT_STANDINGS = ["征询中", "同意达标", "已审批", "施工", "投用"]


@kept
def waiting(scope: Scope, dark: bool) -> Drawn | None:
    """Return the projects that stand longest over their limit; None when none does."""
    projects = data.projects(scope)[WAITING]
    projects = projects[projects["is_stalled"]].head(MOST)
    if projects.empty:
        return None
    rows = [
        Waiting(
            row.project_id,
            f"{wording.short_name(row.project_name)}·{row.street_name.removesuffix('街道')}",
            int(row.waited_days),
            int(row.usual_days),
            f"{row.stage}后{row.waited_days:,.0f}天，界限{row.usual_days:.0f}天",
            f"{row.project_name}　{row.street_name}{row.community_name}<br>"
            f"{row.households:,}户，总投资{words.number(row.budget_yuan, '元')}，"
            f"已支付{words.number(row.paid_yuan, '元')}<br>"
            f"界限：{wording.usual_words(row.cohort, row.usual_days)}"
            f"（{row.cohort_size:.0f}个项目，还停着的按截尾计入）",
        )
        for row in projects.itertuples()
    ]
    return Drawn(charts.waiting(rows, dark=dark))


def more_waiting(scope: Scope) -> str:
    """Return how many stalled projects the picture does not hold, "" for none."""
    more = int(data.projects(scope)["is_stalled"].sum()) - MOST
    return f"，另有{more}个见“全部项目”" if more > 0 else ""


def district_map(scope: Scope, metric_id: str) -> Drawn:
    """Return the map of a metric by community with the stalled projects marked on it."""
    plain = pictures.district_map(scope, metric_id).to_dict()
    projects = list(data.stalled(scope).itertuples())
    if not projects:
        return Drawn(plain)
    colours = theme.palette(is_dark())
    names = [f"<b>{wording.short_name(one.project_name)}</b>" for one in projects[:NAMED]]
    marks = {
        "type": "scattergeo",
        "mode": "markers+text",
        "name": "停滞项目",
        "lon": [one.lon for one in projects],
        "lat": [one.lat for one in projects],
        "text": names + [""] * (len(projects) - len(names)),
        "textposition": "top center",
        "textfont": {"size": 12, "color": colours.accent, "shadow": colours.halo},
        "marker": {
            "symbol": "triangle-up",
            "size": 13,
            "color": colours.accent,
            "line": {"color": colours.ground, "width": 1.5},
        },
        "customdata": [
            Click("place", one.community_code, street_code=one.street_code).customdata
            for one in projects
        ],
        "hovertext": [
            f"<b>{one.project_name}</b><br>{one.stage}后已停留{one.waited_days:,.0f}天"
            for one in projects
        ],
        **HOVER,
        "unselected": {"marker": {"opacity": 1}},
    }
    return Drawn({**plain, "data": [*plain["data"], marks]})


def funnel(rows: pd.DataFrame, households: bool) -> Drawn:
    """Return how many projects or households reached each stage."""
    values = list(rows["households" if households else "projects"])
    sentences = tables.funnel_words(rows)
    return Drawn(charts.funnel(list(rows["stage"]), values, sentences, dark=is_dark()))


@kept
def physical_curve(
    scope: Scope, milestone: str, households: bool, dark: bool
) -> tuple[str, Drawn] | None:
    """Return the finding and the S-curve of one milestone; None when nothing is dated."""
    curve = data.physical_curve(scope, milestone, households)
    if curve.empty:
        return None
    unit, scale = ("户", 1) if households else ("个", 1)
    if curve["planned"].max() >= WAN:
        unit, scale = f"万{unit}", WAN
    months = _months(curve)
    lines = [
        Line(f"计划{milestone}", months, _scaled(curve["planned"], scale), "plan"),
        Line(f"实际{milestone}", months, _scaled(curve["actual"], scale), "done"),
    ]
    band = None
    if milestone == "完工":
        coming = curve[curve["likely"].notna()]
        ahead = _months(coming)
        lines.append(Line("最可能", ahead, _scaled(coming["likely"], scale), "likely"))
        band = (ahead, _scaled(coming["slowest"], scale), _scaled(coming["fastest"], scale))
    gap = curves.behind_plan(curve, "actual", as_of(scope))
    sentence = wording.behind_sentence(gap, "户" if households else "个", milestone)
    return sentence, Drawn(
        charts.s_curve(lines, unit=unit, as_of=scope.month, band=band, dark=dark)
    )


@kept
def money_curve(scope: Scope, dark: bool) -> tuple[str, Drawn] | None:
    """Return the finding and the S-curve of money; None when there is none."""
    curve = data.money_curve(scope)
    if curve.empty:
        return None
    months = _months(curve)
    lines = [
        Line("计划", months, _scaled(curve["planned"], YI), "plan"),
        Line("下达", months, _scaled(curve["allocated"], YI), "given"),
        Line("支付", months, _scaled(curve["paid"], YI), "done"),
    ]
    sentence = wording.behind_sentence(
        curves.behind_plan(curve, "paid", as_of(scope)), "元", "累计支付"
    )
    return sentence, Drawn(charts.s_curve(lines, unit="亿元", as_of=scope.month, dark=dark))


@kept
def sources(scope: Scope, dark: bool) -> Drawn:
    """Return the money of each source, what was paid on what was planned."""
    rows = data.sources(scope)
    planned, paid = _scaled(rows["planned_yuan"], YI), _scaled(rows["paid_yuan"], YI)
    names = list(rows["source"])
    labels = [
        f"<b>{name}</b><br>支付{part:,.2f}／计划{whole:,.2f}亿元"
        for name, whole, part in zip(names, planned, paid, strict=True)
    ]
    return Drawn(
        charts.part_on_whole(
            labels,
            planned,
            paid,
            whole_name="计划",
            part_name="支付",
            codes=names,
            hovers=labels,
            dark=dark,
        )
    )


def timeline(
    scope: Scope, project: pd.Series, stages: pd.DataFrame, forecasts: pd.DataFrame
) -> Drawn:
    """Return the stages of one project on the calendar; `forecasts` is its own, or no row."""
    standing = project["stage"] != "未申报" and not project["is_over"]
    # Where the project stands, the words of the waiting take the place of those of the lateness.
    steps = [
        Step(
            row.stage,
            _date(row.planned_on),
            _date(row.actual_on),
            tables.lateness((row.actual_on - row.planned_on).days)
            if pd.notna(row.actual_on) and not (standing and row.stage == project["stage"])
            else "",
        )
        for row in stages.itertuples()
    ]
    wait = forecast = None
    if standing and (since := _date(project["since_on"])):
        limit = wording.limit_words(project["usual_days"], project["cohort_size"])
        wait = Wait(since, f"已停留{project['waited_days']:,.0f}天，{limit}")
    finish = stages.loc[stages["milestone"] == "完工", "stage"]
    if len(forecasts) and len(finish) and forecasts[data.FORECAST].notna().all(axis=None):
        days = (day.date() for day in forecasts[data.FORECAST].iloc[0])
        forecast = Forecast(finish.iloc[0], *days)
    today = as_of(scope).date()
    return Drawn(charts.timeline(steps, today=today, wait=wait, forecast=forecast, dark=is_dark()))


def lifts(rows: pd.DataFrame) -> Drawn:
    """Return how many lifts are at each standing."""
    counts = rows["standing"].value_counts().reindex(LIFT_STANDINGS, fill_value=0).tolist()
    sentences = [f"{count:,}部" for count in counts]
    return Drawn(charts.funnel(LIFT_STANDINGS, counts, sentences, dark=is_dark()))


def _months(curve: pd.DataFrame) -> list[str]:
    return list(curve["month"].dt.strftime("%Y-%m"))


def _scaled(values: pd.Series, scale: float) -> list[float | None]:
    return [None if pd.isna(value) else float(value) / scale for value in values]


def _date(day: pd.Timestamp) -> date | None:
    return None if pd.isna(day) else day.date()
