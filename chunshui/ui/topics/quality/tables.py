"""Tables of data quality as they are shown: rows found, ledgers by streets, rules."""

import pandas as pd

from chunshui.catalogue.figure import ratio
from chunshui.ui.data.remembering import remembered
from chunshui.ui.topics.quality import data
from chunshui.ui.widgets.tables import headed, readable
from chunshui.warehouse import Edition

EVERY = "全部规则"


@remembered(64)
def names(edition: Edition, streets: tuple[str, ...]) -> list[str]:
    """Return the names of what found anything in some streets, for a choice."""
    return [EVERY, *data.findings(edition, streets)["check_name"].unique()]


@remembered(64)
def offending(edition: Edition, streets: tuple[str, ...], name: str) -> pd.DataFrame:
    """Return the rows found in some streets, of one rule or all, with where each stands in its ledger."""
    rows = data.findings(edition, streets)
    if name != EVERY:
        rows = rows[rows["check_name"] == name]
    heads = {
        "severity": "程度", "check_name": "规则", "entity_word": "类别", "entity_id": "编号",
        "message": "问题", "mend": "怎么改", "file_name": "台账文件", "sheet_name": "工作表",
    }  # fmt: skip
    return headed(rows, heads).assign(行号=rows["source_row"].astype("Int64"))


@remembered(4)
def rule_table(edition: Edition) -> pd.DataFrame:
    """Return the rules as they are shown."""
    rows = data.rules(edition)
    return pd.DataFrame(
        {"规则": rows["check_name"], "程度": rows["severity"], "查出行数": rows["rows"]}
    )


@remembered(64)
def complete(edition: Edition, streets: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the share of each street's communities that a ledger has a row of, in per cent."""
    every = data.coverage(edition, streets)
    every = every[every["of"].notna()]
    share = ratio(every["communities"].fillna(0), every["of"].astype(float), 100)
    return _square(every, share.round(0))


@remembered(64)
def fresh(edition: Edition, streets: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return the latest day written in each ledger, by street."""
    every = data.coverage(edition, streets)
    days = every["latest"].dt.strftime("%Y-%m-%d")
    square = _square(every, days)
    return readable(square[square.notna().sum(axis=1) > 1])


@remembered(64)
def counted(edition: Edition, streets: tuple[str, ...] = ()) -> pd.DataFrame:
    """Return how many rows each ledger has, by street."""
    every = data.coverage(edition, streets)
    return _square(every, every["rows"])


def _square(every: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Return one row a ledger, one column a street."""
    square = every.assign(value=values).pivot(index="ledger", columns="street", values="value")
    order = list(dict.fromkeys(every["ledger"])), list(dict.fromkeys(every["street"]))
    square = square.reindex(index=order[0], columns=order[1])
    return square.reset_index(names="台账").rename_axis(columns=None)
