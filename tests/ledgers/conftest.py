import openpyxl
import pytest

from chunshui.ledgers.stage import stage
from tests.ledgers import sample


@pytest.fixture
def folder(tmp_path):
    """A folder with the ledgers of the sample; a test may spoil them."""
    sample.write_sample(tmp_path)
    return tmp_path


@pytest.fixture
def rosters(tmp_path):
    """A folder with the maps alone: the district, its streets and communities."""
    plan = {name: ids for name, ids in sample.PLAN.items() if name.endswith("geojson")}
    sample.write(sample.tables(), tmp_path, demonstration=False, plan=plan)
    return tmp_path


@pytest.fixture(scope="module")
def maps(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    plan = {name: ids for name, ids in sample.PLAN.items() if name.endswith("geojson")}
    sample.write(sample.tables(), folder, demonstration=False, plan=plan)
    return [(path, path.name) for path in folder.iterdir() if "屏障" not in path.name]


@pytest.fixture
def read(maps, tmp_path):
    """Write sheets to a workbook, `change` the book, stage it beside the maps; row_kinds must add up."""

    def staged_of(sheets, change=lambda book: None, raw=None, name="台账.xlsx"):
        path = tmp_path / name
        if sheets is not None:
            book = openpyxl.load_workbook(sample.workbook(path, sheets))
            change(book)
            book.save(path)
        if raw is not None:
            raw(path)
        staged = stage([*maps, (path, name)])
        for source in staged.source_file.to_dict("records"):
            rows = staged.source_row[staged.source_row["source_id"] == source["source_id"]]
            assert rows["row_no"].to_list() == list(range(1, source["row_total"] + 1))
            assert (rows["fate"] == "合格").sum() == source["row_used"]
        return staged

    return staged_of
