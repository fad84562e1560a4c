"""The pictures of the demonstration sites, drawn for an appearance."""

import pandas as pd

from chunshui.renewal.shares import Share
from chunshui.ui import charts
from chunshui.ui.charts import Drawn, Pair
from chunshui.ui.topics.sites.data import Compared
from chunshui.ui.widgets.pictures import is_dark

MOST = 10


def gaps(items: pd.DataFrame) -> Drawn:
    """Return the items that most communities lack, those with a demonstration site among them."""
    worst = items[items["lacking"] > 0]
    worst = worst.sort_values(["lacking", "item_id"], ascending=[False, True]).head(MOST)
    rows = list(worst.itertuples())
    return Drawn(
        charts.part_on_whole(
            [
                f"<b>{row.item_name}</b><br>{row.lacking}个未达标"
                + f"，含示范{row.lacking_sites}个" * bool(row.lacking_sites)
                for row in rows
            ],
            list(worst["lacking"]),
            list(worst["lacking_sites"]),
            whole_name="未达标社区",
            part_name="其中示范社区",
            codes=list(worst["item_id"]),
            hovers=[f"<b>{row.item_name}</b><br>{row.dimension} · {row.standard}" for row in rows],
            dark=is_dark(),
        )
    )


def more_gaps(items: pd.DataFrame) -> str:
    """Return how many lacking items the picture does not hold, "" for none."""
    more = int((items["lacking"] > 0).sum()) - MOST
    return f"；另有{more}条见“逐条短板”" if more > 0 else ""


def compared(metrics: list[Compared]) -> Drawn:
    """Return demonstration communities beside the others on the same metrics."""
    pairs = [
        Pair(one.metric.id, one.metric.name, _percent(one.ours), _percent(one.others))
        for one in metrics
    ]
    names = {"our_name": "示范社区", "other_name": "其他社区"}
    return Drawn(charts.two_groups(pairs, **names, dark=is_dark()))


def _percent(share: Share) -> tuple[float, float, float]:
    return 100 * share.value, 100 * share.low, 100 * share.high
