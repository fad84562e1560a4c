"""What the article names, line by line: its page says it, its metrics open to members, its tables have rows."""

import json
import re
from pathlib import Path
from urllib.parse import parse_qsl

import pytest

from chunshui.catalogue.members import members_of
from chunshui.ui.shell.navigation import PAGES, SECTIONS
from tests.ui.conftest import words_on

TEXT = (Path(__file__).parents[2] / "docs" / "coverage-of-the-article.md").read_text("utf-8")
NAMES = {page.title: name for name, page in PAGES.items()}


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


@pytest.mark.parametrize("address", sorted({line[1] for line in LINES}))
def test_a_page_says_what_its_lines_look_for(open_app, published, address):
    title, _, query = address.partition("?")
    app = open_app(published, NAMES[title], **dict(parse_qsl(query)))
    if template := dict(parse_qsl(query)).get("template"):  # which no address holds
        app.button_group(key="template").set_value(template).run()
    assert not app.exception
    drawn = [one.value.to_csv() for one in app.dataframe]
    drawn += [
        json.dumps(json.loads(one.proto.spec), ensure_ascii=False)
        for one in app.get("plotly_chart")
    ]
    drawn += [
        option for one in app.selectbox for option in one.options if one.key == "rider_survey"
    ]
    drawn += [one.label for one in app.button]
    said = "\n".join([*SECTIONS, words_on(app), *drawn])
    for name, page, _, _, looked_for in LINES:
        if page == address:
            assert looked_for and not [one for one in looked_for.split("; ") if one not in said], (
                name
            )


def test_every_metric_opens_to_its_members_and_every_table_has_rows(reader):
    for name in sorted({name for line in LINES for name in names(line[2])}):
        members = members_of(reader, name, "2026-10")
        assert members["counted"].any(), name
        assert members.loc[members["counted"], "source_row"].notna().all(), name
    with reader.cursor() as cursor:
        for table in sorted({name for line in LINES for name in names(line[3])}):
            assert cursor.execute(f"select count(*) from {table}").fetchall() > [(0,)], table
