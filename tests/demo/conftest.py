"""The tables of the demonstration district, made once, and a reader of its published version."""

from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from chunshui import demo
from chunshui.demo.planted import TRUTHS
from chunshui.warehouse import Reader, Store


@pytest.fixture(scope="session")
def tables() -> dict[str, pd.DataFrame]:
    return demo.tables()


@pytest.fixture(scope="session")
def truths() -> dict[str, dict]:
    return TRUTHS


@pytest.fixture(scope="session")
def reader(published: Path) -> Iterator[Reader]:
    with Store(published / "versions").open() as reader:
        yield reader
