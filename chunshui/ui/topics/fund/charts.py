"""The picture of the community fund, drawn for an appearance."""

from chunshui.ui import charts
from chunshui.ui.charts import Drawn
from chunshui.ui.data.scope import Scope
from chunshui.ui.topics.fund import data
from chunshui.ui.widgets.pictures import kept
from chunshui.ui.widgets.tables import WAN


@kept
def flows(scope: Scope, dark: bool) -> Drawn:
    """Return the whole district's money in and out of the fund by month, with its balance."""
    rows = data.months(scope)
    income, spent, balance = (
        (rows[f"{column}_yuan"].astype(float) / WAN).tolist()
        for column in ("income", "spent", "balance")
    )
    return Drawn(charts.flows(list(rows["month"]), income, spent, balance, unit="万元", dark=dark))
