"""What is written is what is staged: equal tables, equal bytes, every row accounted for."""

import json

import duckdb
import pytest

from chunshui.errors import ChunshuiError
from chunshui.ledgers.contracts import ALL
from chunshui.ledgers.out.write import write
from chunshui.ledgers.stage import stage
from chunshui.warehouse import schema
from chunshui.words import NOTE
from tests.ledgers import sample
from tests.ledgers.sample import plain


@pytest.fixture(scope="module")
def staged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("ledgers")
    sample.write_sample(folder, demonstration=True)
    return stage(folder)


@pytest.mark.parametrize("ledger_id", list(sample.tables()))
def test_staged_equals_written(staged, ledger_id):
    written = sample.tables()[ledger_id]
    table = staged.tables[ledger_id].drop(columns=["source_id", "source_row"])
    assert plain(table) == plain(written)


def test_nothing_is_wrong_with_it(staged):
    assert [str(issue) for issue in staged.issues if issue.severity != NOTE] == []
    assert staged.ok
    assert set(staged.source_file["nature"]) == {"演示"}
    assert list(staged.tables) == list(ALL)


def test_the_fates_add_up_to_the_rows_of_each_sheet(staged):
    rows = staged.source_row.groupby("source_id").size()
    files = staged.source_file.set_index("source_id")
    assert rows.to_dict() == files["row_total"].to_dict()
    good = staged.source_row[staged.source_row["fate"] == "合格"].groupby("source_id").size()
    assert good.to_dict() == files["row_used"].to_dict()
    used = sum(len(table) for table in staged.tables.values())
    assert files["row_used"].sum() == used


def test_a_row_leads_back_to_its_cells(staged):
    row = staged.tables["grid_unit"].iloc[3]
    source = staged.source_file.set_index("source_id").loc[row["source_id"]]
    assert (source["file_name"], source["sheet_name"]) == ("地点.xlsx", "网格台账")
    kept = staged.source_row.set_index(["source_id", "row_no"]).loc[
        (row["source_id"], row["source_row"])
    ]
    assert row["source_row"] == 7  # two titles, the header, then the fourth grid
    assert json.loads(kept["raw"]) == {
        "网格编号": "G3",
        "网格名称": "第3网格",
        "街道": "古田街道",
        "社区": "古一社区",
        "户数（户）": 303,
        "设立日期": "2021-03-04",
        "撤并日期": "2024-01-01",
        "经度": 114.2131,
        "纬度": 30.5712,
    }


def test_it_goes_into_a_data_version(staged):
    with duckdb.connect() as con:
        schema.create(con)
        con.append("source_file", staged.source_file, by_name=True)
        con.append("source_row", staged.source_row, by_name=True)
        for name, table in staged.tables.items():
            con.append(name, table, by_name=True)
        for name, table in staged.tables.items():
            assert con.table(name).df().shape == table.shape


def test_equal_tables_give_equal_bytes(tmp_path, monkeypatch):
    contents = []
    for turn in ("one", "two"):
        sample.write_sample(tmp_path / turn, demonstration=True)
        files = sorted((tmp_path / turn).iterdir())
        contents.append({file.name: file.read_bytes() for file in files})
        # A later moment must not show in the files.
        monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert contents[0] == contents[1]


def test_an_empty_ledger_is_a_ledger(tmp_path):
    tables = {"grid_role": sample.tables()["grid_role"].iloc[:0]}
    write(tables, tmp_path, demonstration=False, plan={"岗位.xlsx": ["grid_role"]})
    staged = stage(tmp_path)
    assert staged.ok
    assert set(staged.source_file["nature"]) == {"实有"}
    assert staged.tables["grid_role"].empty


def test_a_ledger_that_is_not_there_is_an_empty_table_and_a_note(rosters):
    staged = stage(rosters)
    assert staged.ok
    notes = [issue.file for issue in staged.issues if issue.severity == NOTE]
    assert "社区基金台账" in notes
    assert "街道名录" not in notes
    assert staged.tables["fund_entry"].columns.to_list()[:2] == ["entry_id", "booked_on"]


@pytest.mark.parametrize(
    ("plan", "says"),
    [
        ({"a.xlsx": ["street"]}, "街道名录不能写成 .xlsx"),
        ({"别名.csv": ["grid_role"]}, "只能写一本同名的台账"),
        ({"网格岗位字典.csv": ["grid_role", "grid_post"]}, "只能写一本同名的台账"),
    ],
)
def test_a_plan_that_cannot_be_is_refused(tmp_path, plan, says):
    with pytest.raises(ChunshuiError, match=says):
        write(sample.tables(), tmp_path, demonstration=False, plan=plan)


def test_a_table_that_does_not_fit_is_refused(tmp_path):
    plan = {"a.xlsx": ["grid_role"]}
    table = sample.tables()["grid_role"]
    with pytest.raises(ChunshuiError, match="多出 extra，缺少 role_name"):
        bad = table.rename(columns={"role_name": "extra"})
        write({"grid_role": bad}, tmp_path, demonstration=False, plan=plan)
    with pytest.raises(ChunshuiError, match="第2条的岗位名称不能空"):
        bad = table.assign(role_name=["网格长", None])
        write({"grid_role": bad}, tmp_path, demonstration=False, plan=plan)
    with pytest.raises(ChunshuiError, match="名录中没有代码999"):
        tables = sample.tables()
        tables["demo_site"] = tables["demo_site"].assign(community_code="999")
        write(tables, tmp_path, demonstration=False, plan={"a.xlsx": ["demo_site"]})
