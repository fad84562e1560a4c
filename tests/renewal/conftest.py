"""The demonstration's ledgers as tables, read again without SQL, and its published version."""

import random
from pathlib import Path

import pandas as pd
import pytest

from chunshui.ledgers.stage import stage
from chunshui.month import Month
from chunshui.renewal import sums
from chunshui.warehouse import Reader, Store

SEED = 20261031


@pytest.fixture(scope="session")
def ledgers(published: Path) -> dict[str, pd.DataFrame]:
    """The rows of every ledger by table, each with its street."""
    tables = stage(published / "ledgers").tables
    streets = tables["community"].set_index("community_code")["street_code"]
    for table in tables.values():
        if "community_code" in table and "street_code" not in table:
            table["street_code"] = table["community_code"].map(streets)
    return tables


@pytest.fixture(scope="session")
def reader(published: Path):
    """The published version."""
    with Store(published / "versions").open() as opened:
        yield opened


@pytest.fixture(scope="session")
def scopes(reader: Reader) -> list[tuple[str, tuple[str, ...], str | None]]:
    """Months with a choice of streets or one community: the whole, then random ones."""
    dice = random.Random(SEED)
    months = [f"{day:%Y-%m}" for day in reader.query("catalogue/months")["month"]]
    places = reader.query("views/communities")
    streets = sorted(set(places["street_code"]))
    chosen = [(months[-1], (), None), (months[0], (), None)]
    for _ in range(4):
        some = tuple(sorted(dice.sample(streets, dice.randint(1, 4))))
        chosen.append((dice.choice(months), some, None))
    for _ in range(2):
        chosen.append((dice.choice(months), (), dice.choice(list(places["community_code"]))))
    return chosen


def last_day(month: str) -> pd.Timestamp:
    """The last day of a month written 2026-10."""
    return pd.Timestamp(Month.parse(month).last)


def within(table: pd.DataFrame, streets: tuple[str, ...], community: str | None) -> pd.DataFrame:
    """The rows of a table in scope."""
    if streets:
        table = table[table["street_code"].isin(streets)]
    return table if community is None else table[table["community_code"] == community]


def ask(reader: Reader, view: str, month: str, streets, community, /, **params) -> pd.DataFrame:
    """The rows of a view that takes a scope."""
    scope = {"streets": list(streets), "community": community}
    return reader.query(f"views/{view}", as_of=last_day(month).date(), **scope, **params)


def ask_added(reader: Reader, view: str, scope: tuple, by: list[str], **params) -> pd.DataFrame:
    """The sums in scope (month, streets, community) of a view that counts by community."""
    month, streets, community = scope
    rows = reader.query(f"views/{view}", as_of=last_day(month).date(), **params)
    return sums.Counts(rows, by).totals(streets, community)


def ask_within(reader: Reader, view: str, month: str, streets, community, /, **params):
    """The rows in scope of a view of the whole district."""
    rows = reader.query(f"views/{view}", as_of=last_day(month).date(), **params)
    return sums.rows_within(rows, streets, community)
