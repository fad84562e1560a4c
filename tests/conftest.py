"""What several test folders share: the demonstration district, published once per run."""

from pathlib import Path

import pytest

from chunshui import demo, pipeline
from chunshui.warehouse import Store


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder (for CHUNSHUI_DATA) with the demonstration's ledgers and its first version.

    Built once per run by the real pipeline. Treat it as read-only: a test that publishes,
    undoes or damages copies it first.
    """
    data = tmp_path_factory.mktemp("published")
    demo.write_ledgers(data / "ledgers")
    pipeline.build_and_publish(
        data / "ledgers",
        store=Store(data / "versions"),
        note="测试用演示版本",
        by="测试",
        progress=lambda step, share: None,
    )
    return data
