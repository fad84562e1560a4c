"""What the page 数据质量 shows: rules, offending rows, completeness and freshness, the burden."""

from collections import defaultdict

import pandas as pd
import streamlit as st

from chunshui import words
from chunshui.catalogue.checks import finding_counts
from chunshui.catalogue.figure import ratio
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.month import Month
from chunshui.ui import data
from chunshui.ui.widgets import tables
from chunshui.warehouse import Edition
from chunshui.words import SEVERITIES

EVERY = "全部规则"
STALE_DAYS = 92  # a ledger of things that happen in which nothing did for a quarter


@st.cache_resource(show_spinner=False, max_entries=4)
def rules(edition: Edition) -> pd.DataFrame:
    """Return every rule with how many rows it found: check_id, check_name, severity, rows."""
    return finding_counts(data.reader(edition))


def finding(edition: Edition) -> str:
    """Say in one sentence what was found."""
    rows = data.check_results(edition)
    counts = rows["severity"].value_counts()
    said = "、".join(f"{one} {counts[one]:,} 条" for one in SEVERITIES if one in counts)
    broken = int((rules(edition)["rows"] > 0).sum())
    total = len(rules(edition))
    return f"{total} 条规则中 {broken} 条查出问题：{said or '没有'}；各条都指到台账的行。"


def rule_table(edition: Edition) -> pd.DataFrame:
    """Return the rules as they are shown."""
    rows = rules(edition)
    return pd.DataFrame(
        {"规则": rows["check_name"], "程度": rows["severity"], "查出行数": rows["rows"]}
    )


def names(edition: Edition) -> list[str]:
    """Return the names of what found anything, for a choice."""
    return [EVERY, *dict.fromkeys(data.check_results(edition)["check_name"])]


def offending(edition: Edition, name: str) -> pd.DataFrame:
    """Return the rows found, of one rule or all, with where each stands in its ledger."""
    rows = data.check_results(edition)
    if name != EVERY:
        rows = rows[rows["check_name"] == name]
    shown = pd.DataFrame(
        {
            "程度": rows["severity"],
            "规则": rows["check_name"],
            "类别": rows["entity_word"],
            "编号": rows["entity_id"],
            "问题": rows["message"],
            "怎么改": rows["mend"],
            "台账文件": rows["file_name"],
            "工作表": rows["sheet_name"],
            "行号": rows["source_row"].astype("Int64"),
        }
    )
    return tables.readable(shown)


# ------------------------------------------------------------------- completeness and freshness


@st.cache_resource(show_spinner="正在统计各街道的台账…", max_entries=4)
def coverage(edition: Edition) -> pd.DataFrame:
    """Return, by ledger and street: rows, share of communities with a row, the latest date.

    Columns ledger, street, rows, communities (with a row), of (all of the street), latest.
    """
    reader = data.reader(edition)
    land = data.district(edition)
    streets = {street.code: street.name for street in land.streets}
    homes = pd.Series([c.street_code for c in land.communities]).value_counts()
    end = pd.Timestamp(Month.parse(data.manifest(edition).as_of).last)
    counts = data.manifest(edition).rows  # a version of older software lacks some ledgers
    parts = []
    for ledger in ALL.values():
        key = next((k for k in ("community_code", "street_code") if k in ledger.stored), None)
        if key is None or ledger.geometry or not counts.get(ledger.id):
            continue
        rows = reader.query("warehouse/table_rows", table=ledger.id)
        street = rows[key].where(rows[key].notna(), rows.get("street_code")).str[:9]
        latest = _latest(ledger, rows, end)
        seen = pd.DataFrame({"street": street, "community": rows[key], "latest": latest})
        by = seen.groupby("street").agg(
            rows=("street", "size"), communities=("community", "nunique"), latest=("latest", "max")
        )
        by = by.reindex(list(streets)).assign(ledger=ledger.name)
        by["of"] = homes.reindex(by.index) if key == "community_code" else None
        parts.append(by.reset_index(names="street"))
    every = pd.concat(parts, ignore_index=True)
    every["rows"] = every["rows"].fillna(0).astype(int)
    every["street"] = every["street"].map(streets)
    return every


def _latest(ledger: Ledger, rows: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """The latest day of each row that is not in the future of the version."""
    dates = [column.key for column in ledger.columns if column.kind in ("date", "month")]
    if not dates:
        return pd.Series(pd.NaT, index=rows.index)
    days = rows[dates].apply(pd.to_datetime)
    return days.where(days <= end).max(axis=1)


def complete(edition: Edition) -> pd.DataFrame:
    """Return the share of each street's communities that a ledger has a row of, in per cent."""
    every = coverage(edition)
    every = every[every["of"].notna()]
    share = ratio(every["communities"].fillna(0), every["of"].astype(float), 100)
    return _square(every, share.round(0))


def fresh(edition: Edition) -> pd.DataFrame:
    """Return the latest day written in each ledger, by street."""
    every = coverage(edition)
    days = every["latest"].dt.strftime("%Y-%m-%d")
    square = _square(every, days)
    return tables.readable(square[square.notna().sum(axis=1) > 1])


def counted(edition: Edition) -> pd.DataFrame:
    """Return how many rows each ledger has, by street."""
    every = coverage(edition)
    return _square(every, every["rows"])


def _square(every: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """One row a ledger, one column a street."""
    square = every.assign(value=values).pivot(index="ledger", columns="street", values="value")
    order = list(dict.fromkeys(every["ledger"])), list(dict.fromkeys(every["street"]))
    square = square.reindex(index=order[0], columns=order[1])
    return square.reset_index(names="台账").rename_axis(columns=None)


def stale(edition: Edition) -> list[str]:
    """Return the ledgers and streets in which nothing has happened for a quarter."""
    every = coverage(edition)
    end = pd.Timestamp(Month.parse(data.manifest(edition).as_of).last)
    monthly = {ALL[one].name for one in ("opinion", "fund_entry")}
    old = every[every["ledger"].isin(monthly) & ((end - every["latest"]).dt.days > STALE_DAYS)]
    return [f"{row.street}的{row.ledger}（最近 {row.latest:%Y-%m-%d}）" for row in old.itertuples()]


# ------------------------------------------------------------------------------------- burden


@st.cache_resource(show_spinner=False, max_entries=4)
def burden(edition: Edition) -> pd.DataFrame:
    """Return what is asked for more than once over all ledgers, the most cells first.

    A column asked for again: of the same name in a ledger about the same things, or a place that the thing the
    row belongs to already has (a building's community is its neighbourhood's). A key that only
    says which thing is meant is no burden. `cells`: how many cells had to be filled in again.
    """
    counts = data.manifest(edition).rows
    homes: dict[tuple[str, str, str | None], list[Ledger]] = defaultdict(list)
    for ledger in ALL.values():
        for column in ledger.columns:
            if _asks(column) and counts.get(ledger.id) and ledger.id != "claim":
                homes[column.header, column.kind, column.unit].append(ledger)
    found = []
    for (header, kind, _), ledgers in homes.items():
        place = kind in ("street", "community")
        again = [ledger for ledger in ledgers if not place or _derived(ledger)]
        if not place:
            again = [
                ledger
                for at, ledger in enumerate(ledgers)
                if any(_things(ledger) & _things(other) for other in ledgers[:at])
            ]
        if not again or kind in ("date", "choice"):
            continue
        cells = sum(counts[ledger.id] for ledger in again)
        why = "可由本行所属的小区、楼栋、项目等推出" if place else f"{ledgers[0].name}已有"
        found.append(
            {
                "列": header,
                "要填几次": len(ledgers) if place else len(again) + 1,
                "重复填报的台账": "、".join(ledger.name for ledger in again),
                "重复填了多少格": cells,
                "为什么算重复": why,
            }
        )
    frame = pd.DataFrame(found)
    return frame.sort_values("重复填了多少格", ascending=False, ignore_index=True)


def _asks(column: Column) -> bool:
    """Whether a column asks for a fact, and not for which thing is meant or what it is called."""
    return column.refers is None and column.kind not in ("code", "text", "geometry", "lon", "lat")


def _things(ledger: Ledger) -> set[str]:
    """The ledgers of the things that a row is about: its own, and those it refers to."""
    found = {ledger.id}
    for column in ledger.columns:
        if column.refers and column.refers not in found:
            found |= _things(ALL[column.refers])
    return found


def _derived(ledger: Ledger) -> bool:
    """Whether a ledger's rows belong to a thing whose place is known."""
    placed = {one.id for one in ALL.values() if any(c.kind == "community" for c in one.columns)}
    return any(column.refers in placed for column in ledger.columns)


def burden_words(edition: Edition) -> str:
    """Say how much is asked for and how much of it again."""
    counts = data.manifest(edition).rows
    cells = sum(
        counts.get(ledger.id, 0) * len(ledger.columns)
        for ledger in ALL.values()
        if ledger.id != "claim"
    )
    again = int(burden(edition)["重复填了多少格"].sum())
    columns = sum(len(ledger.columns) for ledger in ALL.values() if ledger.id != "claim")
    return (
        f"{len(ALL) - 1} 本台账共 {columns} 列、{words.number(cells, '格')}；"
        f"其中 {words.number(again, '格')}（{again / max(cells, 1):.1%}）是重复填报的。"
    )
