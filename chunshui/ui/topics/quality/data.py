"""What the page 数据质量 shows: what the rules found, coverage by street, what is asked twice."""

from collections import defaultdict

import pandas as pd
import streamlit as st

from chunshui.catalogue.checks import finding_counts
from chunshui.ledgers.base import read_base
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.contracts.contract import Column, Ledger
from chunshui.ledgers.streets import street_columns
from chunshui.month import Month
from chunshui.ui.data import check_results, district, manifest, months, reader
from chunshui.ui.data.remembering import remembered
from chunshui.warehouse import Edition


@remembered(4)
def rules(edition: Edition) -> pd.DataFrame:
    """Return every rule with how many rows it found: check_id, check_name, severity, rows."""
    return finding_counts(reader(edition))


@remembered(64)
def findings(edition: Edition, streets: tuple[str, ...]) -> pd.DataFrame:
    """Return the rows of `check_results` that lie in some streets (codes; none: all of them)."""
    rows = check_results(edition)
    if not streets:
        return rows
    base = read_base(reader(edition), raw_rows=False)
    kept = pd.Series(False, index=rows.index)
    for table, found in rows.groupby("entity_table"):
        ledger = ALL.get(str(table))
        if ledger and ledger.id in base.tables and street_columns(ledger):
            street_of = base.streets_of_keys(ledger.id)
            kept[found.index] = [street_of.get(one) in streets for one in found["entity_id"]]
    return rows[kept]


@remembered(64)
def coverage(edition: Edition, streets: tuple[str, ...]) -> pd.DataFrame:
    """Return `all_coverage` of the streets of these names (none: all)."""
    every = all_coverage(edition)
    return every[every["street"].isin(streets)] if streets else every


@st.cache_resource(show_spinner="正在统计各街道的台账…", max_entries=4)
def all_coverage(edition: Edition) -> pd.DataFrame:
    """Return, by ledger and street: rows, share of communities with a row, the latest date.

    Columns ledger, street, rows, communities (with a row), of (all of the street), latest.
    """
    land = district(edition)
    streets = {street.code: street.name for street in land.streets}
    homes = pd.Series([c.street_code for c in land.communities]).value_counts()
    end = pd.Timestamp(Month.parse(months(edition)[0]).last)
    counts = manifest(edition).rows  # a version of older software lacks some ledgers
    parts = []
    for ledger in ALL.values():
        key = next((k for k in ("community_code", "street_code") if k in ledger.stored), None)
        if key is None or ledger.geometry or not counts.get(ledger.id):
            continue
        rows = reader(edition).query("warehouse/table_rows", table=ledger.id)
        street = rows[key].where(rows[key].notna(), rows.get("street_code")).str[:9]
        latest = _latest(ledger, rows, end)
        seen = pd.DataFrame({"street": street, "community": rows[key], "latest": latest})
        by = seen.groupby("street").agg(
            rows=("street", "size"), communities=("community", "nunique"), latest=("latest", "max")
        )
        by = by.reindex(list(streets)).assign(ledger=ledger.name)
        by["of"] = homes.reindex(by.index) if key == "community_code" else None
        parts.append(by.reset_index(names="street"))
    columns = ["street", "rows", "communities", "latest", "ledger", "of"]
    every = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
    every["rows"] = every["rows"].fillna(0).astype(int)
    every["latest"] = pd.to_datetime(every["latest"])
    every["street"] = every["street"].map(streets)
    return every


def _latest(ledger: Ledger, rows: pd.DataFrame, end: pd.Timestamp) -> pd.Series:
    """The latest day of each row that is not in the future of the version."""
    dates = [column.key for column in ledger.columns if column.kind in ("date", "month")]
    if not dates:
        return pd.Series(pd.NaT, index=rows.index)
    days = rows[dates].apply(pd.to_datetime)
    return days.where(days <= end).max(axis=1)


@remembered(4)
def burden(edition: Edition) -> pd.DataFrame:
    """Return what is asked for more than once over all ledgers, the most cells first.

    A column asked for again: of the same name in a ledger about the same things, or a place that
    the thing the row belongs to already has (a building's community is its neighbourhood's). A key
    that only says which thing is meant is no burden.
    """
    counts = manifest(edition).rows
    homes: dict[tuple[str, str, str | None], list[Ledger]] = defaultdict(list)
    for ledger in ALL.values():
        for column in ledger.columns:
            if _asks(column) and counts.get(ledger.id):
                homes[column.header, column.kind, column.unit].append(ledger)
    repeated = []
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
        repeated.append(
            (
                header,
                len(ledgers) if place else len(again) + 1,
                "、".join(ledger.name for ledger in again),
                cells,
                why,
            )
        )
    columns = ["列", "要填几次", "重复填报的台账", "重复填了多少格", "为什么算重复"]
    frame = pd.DataFrame(repeated, columns=columns)
    return frame.sort_values("重复填了多少格", ascending=False, ignore_index=True)


def _asks(column: Column) -> bool:
    """Whether a column asks for a fact, and not for which thing is meant or what it is called."""
    return column.refers is None and column.kind not in ("code", "text", "geometry", "lon", "lat")


def _things(ledger: Ledger) -> set[str]:
    """The ledgers of the things that a row is about: its own, and those it refers to."""
    things = {ledger.id}
    for column in ledger.columns:
        if column.refers and column.refers not in things:
            things |= _things(ALL[column.refers])
    return things


def _derived(ledger: Ledger) -> bool:
    """Whether a ledger's rows belong to a thing whose place is known."""
    placed = {one.id for one in ALL.values() if any(c.kind == "community" for c in one.columns)}
    return any(column.refers in placed for column in ledger.columns)
