"""What the project says of itself in several files is the same in all of them."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.pictures import FOLDERS

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
DECLARED = {
    "requirements.txt": PROJECT["dependencies"],
    "requirements-dev.txt": PROJECT["optional-dependencies"]["dev"],
    "requirements-bench.txt": PROJECT["optional-dependencies"]["bench"],
    "requirements-city.txt": PROJECT["optional-dependencies"]["city"],
}


def pinned(file: str) -> dict[str, str]:
    """The version of each package in a requirements file, by name in lower case."""
    lines = (ROOT / file).read_text("utf-8").splitlines()
    pins = [Requirement(line) for line in lines if "==" in line]
    return {pin.name.lower(): str(pin.specifier).removeprefix("==") for pin in pins}


@pytest.mark.parametrize("file", DECLARED)
def test_every_pin_is_declared_and_fits(file):
    wanted = {one.name.lower(): one.specifier for one in map(Requirement, DECLARED[file])}
    assert pinned(file).keys() == wanted.keys()
    misfits = [name for name, version in pinned(file).items() if version not in wanted[name]]
    assert not misfits


def test_constraints_hold_the_same_pins():
    constraints = pinned("constraints.txt")
    ours = (
        pinned("requirements.txt")
        | pinned("requirements-dev.txt")
        | pinned("requirements-city.txt")
    )
    assert {name: constraints.get(name) for name in ours} == ours


def test_every_package_is_explained():
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8").lower()
    names = [name for file in DECLARED for name in pinned(file)]
    assert not [name for name in names if f"| {name}" not in text and f"{name}," not in text]


def test_the_changelog_opens_with_the_version():
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    released = re.findall(r"^## (\d+\.\d+\.\d+)", text, re.MULTILINE)
    assert released[0] == PROJECT["version"]


def test_every_picture_is_drawn_by_the_command_and_shown():
    """`python -m tests.pictures` draws all that the README and the manual show, and no others."""
    for folder, drawn in FOLDERS.items():
        texts = [*ROOT.glob("README*.md"), *folder.glob("*.md")]
        named = {
            (text.parent / path).resolve()
            for text in texts
            for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text.read_text("utf-8"))
        }
        files = {folder / f"{name}.png" for name in drawn}
        assert files == {one for one in named if one.parent == folder} == set(folder.glob("*.png"))
