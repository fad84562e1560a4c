"""The child that reads ledgers: the same result, ended when it takes too long, no way out of it."""

import time

import pandas as pd

from chunshui.ledgers import child
from chunshui.ledgers.stage import stage
from tests.ledgers import sample
from tests.ledgers.sheets import HEADER, ROWS, errors


def test_a_child_gives_what_this_process_would(folder):
    told = []
    ours, theirs = stage(folder), child.stage(folder, progress=lambda *said: told.append(said))
    assert [str(issue) for issue in theirs.issues] == [str(issue) for issue in ours.issues]
    assert list(theirs.tables) and set(theirs.tables) == set(ours.tables)
    for name, table in ours.tables.items():
        pd.testing.assert_frame_equal(theirs.tables[name], table)
    pd.testing.assert_frame_equal(theirs.source_row, ours.source_row, check_dtype=False)
    assert theirs.source_file.drop(columns="sheet_name").equals(
        ours.source_file.drop(columns="sheet_name").astype(
            theirs.source_file.dtypes.drop("sheet_name")
        )
    )
    assert ("《地点.xlsx》" in {name for name, _ in told}) and told[-1][1] == 1.0


def test_a_child_that_takes_too_long_is_ended_and_the_file_named(folder):
    started = time.monotonic()
    staged = child.stage([(folder / "地点.xlsx", "古田/地点.xlsx")], seconds=0.05)
    assert time.monotonic() - started < 10
    (issue,) = staged.errors
    assert (issue.file, issue.what) == ("古田/地点.xlsx", "读取超过0秒，已中止")


def test_a_child_out_of_memory_says_so(folder, monkeypatch):
    monkeypatch.setattr(child, "START", "import os; os._exit(3)")
    (issue,) = child.stage(folder).errors
    assert issue.what == "读取所需内存超过限度，已中止"
    monkeypatch.setattr(child, "START", "import os; os.abort()")
    (issue,) = child.stage(folder).errors
    assert issue.what == "读取时异常中止（退出码-6）"


def test_nothing_of_a_refused_file_is_handed_back(rosters):
    rows = [[*ROWS[0][:1], "13800000000", *ROWS[0][2:]], *ROWS[1:]]
    sample.workbook(rosters / "a.xlsx", {"小区台账": [HEADER, *rows]})
    staged = child.stage(rosters)
    assert [error[2] for error in errors(staged)] == ["含手机号，整个文件不予入库"]
    assert set(staged.source_row["raw"]) == {"{}"}
    assert all(table.empty for table in staged.tables.values())
