"""All months in one go are each month alone: for every view that pages ask so, cell by cell."""

import random
import re

import pandas as pd
import pytest

from chunshui import paths
from chunshui.catalogue.attention import all_rules
from chunshui.catalogue.metric import get_metric, window_start
from chunshui.catalogue.stored import version_months
from chunshui.community import parts
from chunshui.ui.data.remembering import SHELF, Remembering
from chunshui.warehouse import Days, sql

RULES = all_rules().values()
ASKED = re.compile(r'(?:views\.(?:monthly|within|added)|\.among)\(\s*"([\w/]+)"')
VIEWS = sorted(
    {
        name
        for path in (paths.ROOT / "chunshui").rglob("*.py")
        for name in ASKED.findall(path.read_text("utf-8"))
    }
    | {f"attention/{rule.id}" for rule in RULES if "figures" not in rule.parameters}
    | set(parts.ASKED) - set(parts.NOW)
)
PARAMS = {
    "years_back": 3,
    "brands": ["江城蜂巢", "骑士驿站"],
    "within_months": 12,
    "lowest": 300,
    "highest": 500,
    "weight": "household",
    **get_metric("renovation_stalled").variant().params,
    **{key: value for rule in RULES for key, value in rule.params.items()},
}
NOT_AT_ONCE = {
    "views/neighbours_carriers",
    "views/organisation_activities",
    "views/sites_dimensions",
}


@pytest.mark.parametrize("name", VIEWS)
def test_a_month_among_all_is_the_month_alone(reader, name):
    months = random.sample(version_months(reader), 3)
    asked = set(re.findall(r"\$(\w+)", sql.plain(sql.text(name))))
    params = {key: PARAMS[key] for key in asked - {"as_of", "window_start"}}
    days = [Days(month.last, window_start("year-to-date", month)) for month in months]
    found = reader.at_once(name, days, **params)
    assert (found is None) == (name in NOT_AT_ONCE)  # these keep being asked month by month
    for number, one in enumerate(days):
        alone = reader.query(name, **params, **{k: v for k, v in one.params.items() if k in asked})
        alone = alone.astype(dict.fromkeys(alone.select_dtypes("str").columns, object))
        if found is not None:
            together = found.of(number)
            if (room := name.split("/")[0]) in (
                "metrics",
                "attention",
            ):  # have no order of their own
                keys = ["entity_id"] if room == "metrics" else [*alone.columns]
                alone, together = (
                    one.sort_values(keys, ignore_index=True, key=lambda cells: cells.astype(str))
                    for one in (alone, together)
                )
            pd.testing.assert_frame_equal(together, alone, obj=f"{name} {one}")


def test_the_second_month_asked_for_brings_all(reader, monkeypatch):
    asking, asked = Remembering(reader), []
    monkeypatch.setattr(sql, "raw", lambda *args, of=sql.raw: asked.append(1) or of(*args))
    months = version_months(asking)
    asked.clear()

    def every(_):
        return [Days(month.last) for month in months]

    kept = []
    for month in (months[-1], months[-1], months[3], *months):
        one = asking.among("views/fund_projects", Days(month.last), every)
        one["name"] = "changed by who asked"
        kept.append(SHELF.bytes)
    assert len(asked) == 2
    assert kept[2] == kept[-1], "a month that is cut from all is not kept beside them"
    one, whole = one.memory_usage(deep=True).sum(), kept[2] - kept[1]
    assert whole < 0.2 * len(months) * one, "what months have alike is kept once"
    again = asking.among("views/fund_projects", Days(months[3].last), every)
    assert "changed" not in again.to_csv()
    assert len(again) == len(reader.query("views/fund_projects", as_of=months[3].last))
