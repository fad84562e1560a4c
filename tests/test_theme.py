"""One palette: the widgets' settings, the pictures on pages and the documents agree."""

import re
import tomllib

import pytest

from chunshui import paths
from chunshui.drawing import theme
from chunshui.drawing.theme import DARK, LIGHT, PAPER

SETTINGS = tomllib.loads((paths.ROOT / ".streamlit" / "config.toml").read_text("utf-8"))["theme"]


@pytest.mark.parametrize(("name", "palette"), [("light", LIGHT), ("dark", DARK)])
def test_the_widgets_have_the_ink_and_the_ground_of_the_pictures(name, palette):
    look = SETTINGS[name]
    assert (look["textColor"], look["backgroundColor"]) == (palette.ink, palette.ground)


def test_the_subject_is_red_in_widgets_pictures_and_documents():
    assert SETTINGS["light"]["primaryColor"] == LIGHT.accent == PAPER.accent


def test_the_typeface_is_the_same():
    svg = paths.ROOT / "chunshui/snapshots/render/pictures/drawing.svg"
    family = re.search(r'font-family="([^"]+)"', svg.read_text("utf-8"))[1]
    assert SETTINGS["font"] == theme.FONT == family.replace(",", ", ")


def test_documents_have_the_light_colours_of_the_pages():
    assert {name: getattr(PAPER, name) for name in vars(LIGHT)} == vars(LIGHT)


def test_every_mark_has_a_colour_in_widgets_and_on_paper():
    badges = dict(PAPER.badges)
    for marks in (theme.STATUS, theme.SEVERITY, theme.AGREEMENT):
        for _, badge in marks.values():
            assert badge in badges and f"{badge}TextColor" in SETTINGS["light"]


def test_colours_stand_nowhere_else():
    sources = [
        path
        for folder in ("chunshui", "pages")
        for kind in ("*.py", "*.typ", "*.svg")
        for path in (paths.ROOT / folder).rglob(kind)
        if path != paths.ROOT / "chunshui/drawing/theme.py"
    ]
    strays = [p for p in sources if re.search(r"#[0-9A-Fa-f]{6}\b", p.read_text("utf-8"))]
    assert not strays
