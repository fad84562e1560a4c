"""One palette: the widgets' settings, the pictures on pages and the documents agree."""

import re
import tomllib
from itertools import combinations

import numpy as np
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
    """But for quiet words, which on a slide are read from the back row."""
    paper = {name: getattr(PAPER, name) for name in vars(LIGHT)}
    assert paper | {"quiet": LIGHT.quiet} == vars(LIGHT)


def test_every_mark_has_a_colour_in_widgets_and_on_paper():
    badges = dict(PAPER.badges)
    for marks in (theme.STATUS, theme.SEVERITY, theme.AGREEMENT):
        for _, badge in marks.values():
            assert badge in badges and f"{badge}TextColor" in SETTINGS["light"]


# What who does not see red, or green, makes of linear red, green and blue: Machado, Oliveira and
# Fernandes 2009, A physiologically-based model for simulation of color vision deficiency.
EYES = {
    "all": np.eye(3),
    "no red": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "no green": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
}


def seen(colour: str, eyes: str) -> np.ndarray:
    """Return lightness and two opponent hues (CIE 1976 L*a*b*) of a colour as some eyes see it."""
    share = np.array([int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)])
    linear = np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)
    to_xyz = np.array([[0.412, 0.358, 0.180], [0.213, 0.715, 0.072], [0.019, 0.119, 0.950]])
    linear = np.clip(np.array(EYES[eyes]) @ linear, 0, 1)
    x, y, z = np.cbrt(to_xyz @ linear / to_xyz.sum(axis=1))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("eyes", EYES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("ramp", ["moves", "drifts"])
def test_the_classes_of_a_change_are_told_apart_by_all_eyes(ramp, palette, eyes):
    colours = [seen(one, eyes) for one in (*palette.ramp(ramp), palette.missing)]
    assert min(np.linalg.norm(a - b) for a, b in combinations(colours, 2)) > 12
    against_ground = [abs(one[0] - seen(palette.ground, eyes)[0]) for one in colours]
    assert ramp == "drifts" or against_ground[4] == max(against_ground), "much worse is strongest"


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
