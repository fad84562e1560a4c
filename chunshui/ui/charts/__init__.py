"""Charts as plain plotly dicts. Values and words come in, nothing is computed."""

from chunshui.ui.charts.bars import (
    BAR_PX,
    Bar,
    Part,
    Waiting,
    comings,
    funnel,
    part_on_whole,
    ranking,
    shares,
    waiting,
)
from chunshui.ui.charts.base import CONFIG, Drawn
from chunshui.ui.charts.dots import (
    Forecast,
    Pair,
    Step,
    Wait,
    hours,
    sensitivity,
    timeline,
    two_groups,
)
from chunshui.ui.charts.lines import Line, flows, s_curve, sparkline, trend

__all__ = [
    "BAR_PX",
    "CONFIG",
    "Bar",
    "Drawn",
    "Forecast",
    "Line",
    "Pair",
    "Part",
    "Step",
    "Wait",
    "Waiting",
    "comings",
    "flows",
    "funnel",
    "hours",
    "part_on_whole",
    "ranking",
    "s_curve",
    "sensitivity",
    "shares",
    "sparkline",
    "timeline",
    "trend",
    "two_groups",
    "waiting",
]
