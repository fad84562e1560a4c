"""The pictures of the two-new organisations, drawn for a scope and an appearance."""

from chunshui import words
from chunshui.catalogue.figure import written
from chunshui.catalogue.metric import get_metric
from chunshui.drawing import theme
from chunshui.ui import charts
from chunshui.ui.charts import Drawn, Part
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.two_new import data
from chunshui.ui.widgets.pictures import kept


@kept
def groups(scope: Scope, by: str, dark: bool) -> Drawn:
    """Return each group as shares of its organisations: own, joint, only work, uncovered."""
    metric, colours = get_metric(data.COVERAGE), theme.palette(dark)
    rows = data.groups(scope, by)
    labels = [
        f"<b>{_short(row.name)}</b><br>{written(metric, row.value).text}　{row.covered:,}/{row.whole:,}家"
        for row in rows.itertuples()
    ]
    looks = {
        data.OWN: (data.OWN, colours.bands[4], ""),
        data.JOINT: (data.JOINT, colours.bands[2], ""),
        data.WORK: ("只有工作覆盖（不计入）", colours.missing, "/"),
        data.NONE: ("都没有", colours.accent, ""),
    }
    parts = [
        Part(name, rows[cover].tolist(), colour, pattern)
        for cover, (name, colour, pattern) in looks.items()
    ]
    aim = (metric.target or 0) / metric.scale
    return Drawn(
        charts.shares(
            labels, parts, codes=rows["name"].tolist(), aim=aim,
            aim_words=f"目标{words.bound(metric.target or 0, metric.unit)}", unit="家", dark=dark,
        )
    )  # fmt: skip


def _short(name: str) -> str:
    return name.removesuffix("行业综合党委").removesuffix("（示意）")


@kept
def months(scope: Scope, dark: bool) -> Drawn:
    """Return what opened, closed and was covered in each of the last twelve months."""
    rows, colours = data.months(scope), theme.palette(dark)
    return Drawn(
        charts.comings(
            rows["month"].tolist(),
            Part(data.OPENED, rows[data.OPENED].tolist(), colours.bar),
            [
                Part(data.CLOSED, rows[data.CLOSED].tolist(), colours.quiet),
                Part(data.CLOSED_BARE, rows[data.CLOSED_BARE].tolist(), colours.accent),
            ],
            Part(data.COVERED, rows[data.COVERED].tolist(), colours.bands[4]),
            unit="家",
            dark=dark,
        )
    )
