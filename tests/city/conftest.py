import os
import shutil

import pytest

from chunshui.city.edition import City
from chunshui.pipeline import values
from tests.city import planted


def copied(source, target):
    """Copy a folder, what never changes by a link."""

    def copy(one, other):
        (os.link if one.endswith((".duckdb", ".parquet")) else shutil.copy2)(one, other)

    shutil.copytree(source, target, copy_function=copy)


@pytest.fixture(scope="package")
def whole(tmp_path_factory):
    """The folder of the planted city, to be read only."""
    root = tmp_path_factory.mktemp("city")
    planted.build_city(root)
    for code in planted.NAMES:
        values.export(City(root).store(code), "v000001")
    return root


@pytest.fixture(scope="package")
def edition(whole, tmp_path_factory):
    """The planted city's first edition, in a copy of its own."""
    root = tmp_path_factory.mktemp("shown") / "city"
    copied(whole, root)
    return City(root).publish(label="2025年10月", by="测试")


@pytest.fixture
def city(whole, tmp_path):
    """A copy of the planted city to publish and damage."""
    copied(whole, tmp_path / "city")
    return City(tmp_path / "city")
