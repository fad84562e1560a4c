"""What the article names, line by line: its page opens, its metrics have a value, its tables rows."""

import re
from pathlib import Path

import pytest

from chunshui.catalogue.figures import figures_of
from chunshui.ui.shell.navigation import PAGES
from chunshui.warehouse import Store

TEXT = (Path(__file__).parents[2] / "docs" / "coverage-of-the-article.md").read_text("utf-8")
MISSING = "missing"
TITLES = {page.title for page in PAGES.values()}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table under a heading, without its head."""
    part = re.split(r"^## ", TEXT, flags=re.MULTILINE)
    part = next(one for one in part if one.startswith(heading))
    lines = [line for line in part.splitlines() if line.startswith("| ")][1:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


FIGURES, SYSTEMS = rows("Figures"), rows("Systems")
LINES = [line[1:] for line in FIGURES] + SYSTEMS


def names(cell: str) -> list[str]:
    return [name for name in cell.split(", ") if name]


def test_every_figure_is_listed():
    assert sorted({int(line[0]) for line in FIGURES}) == list(range(1, 31))
    assert len(SYSTEMS) > 40 and len({line[0] for line in SYSTEMS}) == len(SYSTEMS)


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[0])
def test_a_line_has_a_page_or_says_that_it_is_missing(line):
    _, page, metrics, tables = line
    assert page in TITLES or (page == MISSING and not metrics and not tables)


def test_every_metric_has_a_value_and_every_table_rows(published):
    metrics = sorted({name for line in LINES for name in names(line[2])})
    tables = sorted({name for line in LINES for name in names(line[3])})
    with Store(published / "versions").open() as reader, reader.cursor() as cursor:
        for figure in figures_of(reader, metrics, "2026-10", months=1).values():
            assert figure.value is not None, figure.metric.id
        for table in tables:
            assert cursor.execute(f"select count(*) from {table}").fetchall() > [(0,)], table
