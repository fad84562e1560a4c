from types import SimpleNamespace

import pytest

from chunshui.catalogue.checks import run_checks
from chunshui.catalogue.fill import fill_values
from chunshui.warehouse.reader import Reader, connect
from tests.catalogue import district


@pytest.fixture(scope="session")
def small(tmp_path_factory):
    """Open the small district as pages do: built, checked, filled, read-only and locked."""
    path = tmp_path_factory.mktemp("district") / "v.duckdb"
    con = connect(path, read_only=False)
    district.build(con)
    run_checks(con)
    fill_values(con)
    con.close()
    with Reader(path, SimpleNamespace(version="v000001")) as reader:
        yield reader
