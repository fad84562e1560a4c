"""A ratio is divided in one place in Python and in one place in SQL, and both agree."""

import ast
import datetime as dt
import itertools
import re

import duckdb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui import paths
from chunshui.catalogue.figure import ratio, values
from chunshui.catalogue.metric import all_metrics
from chunshui.warehouse import sql

METRICS = all_metrics()
RATE, TOTAL, QUANTILE = (
    METRICS[one] for one in ("two_new_coverage", "station_count", "opinion_closing_days")
)
SUMS = st.one_of(st.none(), st.integers(0, 10**9), st.floats(1e-6, 1e9))  # counts, yuan, m²
PARTS = re.compile(r"numerator|denominator", re.IGNORECASE)


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        yield con


def divides_a_figure(node: ast.AST) -> bool:
    """Whether an expression divides a numerator, a denominator, or a hundred times something."""
    if not (isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div)):
        return False
    times = isinstance(node.left, ast.BinOp) and isinstance(node.left.op, ast.Mult)
    scaled = times and any(
        isinstance(part, ast.Constant) and part.value in (100, 1000)
        for part in (node.left.left, node.left.right)
    )
    return scaled or bool(PARTS.search(ast.unparse(node)))


def test_nothing_else_divides_in_python():
    sources = [*(paths.ROOT / "chunshui").rglob("*.py"), *(paths.ROOT / "pages").glob("*.py")]
    found = [
        f"{path.relative_to(paths.ROOT)}:{node.lineno}: {ast.unparse(node)}"
        for path in sources
        if path.relative_to(paths.ROOT).as_posix() != "chunshui/catalogue/figure.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if divides_a_figure(node)
    ]
    assert not found


def test_nothing_else_divides_in_sql():
    """A metric's own file lists members, and divides no sums: what a member has is its own."""
    for path in paths.QUERIES.rglob("*.sql"):
        if path.parent.name == "metrics" or path.name == "rules.sql":
            continue
        text = re.sub(r"/\*.*?\*/|--[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
        for line in text.splitlines():
            shares = PARTS.search(line) or re.search(r"\b100(0|\.0)? \*|nullif|count\(|sum\(", line)
            assert not (re.search(r"/ *[a-z(]", line) and shares), f"{path.name}: {line.strip()}"


@settings(deadline=None)
@given(st.sampled_from([RATE, TOTAL, QUANTILE]), st.lists(st.tuples(SUMS, SUMS), min_size=1))
def test_sql_and_python_agree(con, metric, pairs):
    con.execute("create or replace table sums (row_no integer, n double, d double)")
    con.executemany("insert into sums values (?, ?, ?)", [(k, *p) for k, p in enumerate(pairs)])
    rows = sql.frame(
        con,
        "select figure_value($kind, n, d, $scale) as value from sums order by row_no",
        {"kind": metric.kind, "scale": metric.scale},
    )
    numerators, denominators = zip(*pairs, strict=True)
    np.testing.assert_array_equal(
        rows["value"].to_numpy(dtype=float), values(metric, numerators, denominators)
    )


def test_a_ratio_is_exact_at_whole_percentages():
    """100 × n / N, in this order: 100 × (n / N) makes 56.99999999999999 of 57 in a hundred."""
    parts = np.arange(101)
    assert ratio(parts, np.full(101, 100), 100).tolist() == parts.tolist()
    assert np.isnan(ratio(1, 0, 100)) and np.isnan(ratio(1, None, 100))


def test_what_is_due_is_judged_by_one_rule_in_sql():
    """Due by the month's end is `<=`, overdue is `is_overdue`; no query draws the line elsewhere."""
    due, end = r"\b(due_on|planned_on)\b", r"\$(as_of|month_end)\b"
    other = re.compile(rf"{due}\s*(<|>|>=)\s*{end}|{end}\s*(-\s*\w+\.{due}\s*)?[<>]")
    for folder in ("metrics", "attention", "views"):
        for path in (paths.QUERIES / folder).glob("*.sql"):
            text = re.sub(r"/\*.*?\*/|--[^\n]*", "", path.read_text("utf-8"), flags=re.DOTALL)
            for line in text.splitlines():
                assert not other.search(line), f"{path.name}: {line.strip()}"


def test_lateness_says_by_which_days_it_is_counted():
    """逾期3天 could be either: it is 日历日, or 工作日 where something is due by those."""
    either = re.compile(r"(逾期|晚|早)(（天|[^，。；\n]{0,50}[})'] ?(\|\| )?'?天|\{\w+:天)")
    sources = [*paths.QUERIES.rglob("*.sql"), *(paths.ROOT / "chunshui").rglob("*.py")]
    said = [f"{one.name}: {line.strip()}" for one in sources if "demo" not in one.parts
            for line in one.read_text("utf-8").splitlines() if either.search(line)]  # fmt: skip
    assert not said
    assert either.search("'晚' || (done_on - due_on) || '天'") and either.search("已逾期{days:天}")


def test_a_thing_due_on_the_last_day_and_not_done_by_its_end_is_overdue(con):
    asked = dt.date(2025, 10, 31)
    days = [asked + dt.timedelta(days=n) for n in (-31, -30, -1, 0, 1)]
    for due, done in itertools.product(days, [*days, None]):
        row = sql.frame(
            con,
            "select is_overdue($due, $done, $asked) as late, overdue_words($due, $asked) as said, "
            "overdue_workdays_words($due, $asked, 0) as no_workday",
            {"due": due, "done": done, "asked": asked},
        ).iloc[0]
        assert row["late"] == (due <= asked and (done is None or done > asked))
        late_days = (asked - due).days
        said = (
            f"逾期{late_days}个日历日" if late_days > 0 else "当天到期" if late_days == 0 else None
        )
        assert row["said"] == said or (said is None and row["said"] is None)
        if said:
            assert row["no_workday"] == said.replace(f"{late_days}个日历日", "不满1个工作日")
