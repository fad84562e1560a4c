"""What meetings hand out: a full cycle with real files, and the properties it rests on."""

import datetime as dt
import io
import warnings
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chunshui import clock, pipeline
from chunshui.catalogue.attention import items_of
from chunshui.errors import ChunshuiError
from chunshui.ledgers.stage import stage
from chunshui.month import Month
from chunshui.pipeline import IntakeOptions
from chunshui.snapshots import archive, assigned, comparison, freeze, kept
from chunshui.snapshots.model import Assignment, Earlier, as_plain
from chunshui.snapshots.render.workbook import workbook
from chunshui.snapshots.selection import Choice, Selection
from chunshui.warehouse import Store, sql
from chunshui.words import ERROR
from tests.catalogue import district
from tests.ledgers import sample

TIME = dt.datetime(2026, 10, 8, 9, tzinfo=clock.zone())
ITEMS = (
    Assignment("JD-A00001", "补齐网格长", "古田街道", "古一社区", "古田街道大工委", "2026-10-20", "网格长配备率89.3%"),
    Assignment("JD-A00002", "停车位不足", "汉正街道", "", "区城管局", "2026-10-22"),
    Assignment("JD-A00003", "核对全区台账", "", "", "区委社会工作部", "2026-10-25"),
    Assignment("JD-A00004", "=食堂持续运营", "汉正街道", "新合社区", "区民政局", "2026-10-15"),
    Assignment("JD-A00005", "管网反复堵塞", "古田街道", "", "社区书记岗", "2026-10-18"),
)  # fmt: skip
WEEKLY = Selection(
    "2026-09", (Choice("attention"),), template="周通报", meeting_date="2026年10月8日"
)


def returned(snapshot, path: Path, fill) -> Path:
    """The workbook of a snapshot as it came back: `fill` gets its ledger and the place of each head."""
    with warnings.catch_warnings():  # what openpyxl leaves out of the other sheets
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_bytes(snapshot, TIME)))
    sheet = book[assigned.LEDGER.name]
    fill(sheet, {cell.value: cell.column_letter for cell in sheet[6]})
    book.save(path)
    return path


def three_done(sheet, at):
    for row, day in ((7, 19), (8, 22), (9, 24)):
        sheet[f"{at['是否完成']}{row}"] = "是"
        sheet[f"{at['完成日期']}{row}"] = dt.date(2026, 10, day)
    sheet[f"{at['是否完成']}10"] = "否"
    sheet[f"{at['办理结果']}10"] = "正在选址"


@pytest.mark.usefixtures("reading_here", "few_metrics")
def test_a_full_cycle_of_two_meetings(tmp_path):
    (tmp_path / "versions").mkdir()
    store, root = Store(tmp_path / "versions"), tmp_path / "snapshots"
    sample.write_sample(tmp_path / "ledgers", demonstration=True)
    options = IntakeOptions(month="2026-10")
    pipeline.build(tmp_path / "ledgers", store=store, note="", by="", serve=True, options=options)
    with store.open() as reader:
        before = reader.manifest.rows["assignment"]
        first = freeze.snapshot_of(reader, freeze.meeting(reader, WEEKLY, ITEMS, root))
    archive.store(first, root=root)
    frozen = as_plain(first)
    assert [one.heading.partition(" · ")[0] for one in first.sections] == [
        "需要关注的事项",
        "交办单",
    ]
    assert first.sections[-1].rows[0][0].startswith(f"请{ITEMS[0].unit}于")
    assert first.sections[-1].total == 5 and archive.reopen(first.id, root) == first
    back = returned(first, tmp_path / "back.xlsx", three_done)
    options = IntakeOptions(demonstration=True, month="2026-10", issued=archive.issued(root))
    report = pipeline.examine([(back, "交办.xlsx")], store=store, options=options)
    assert report.ok and not report.staged.questions
    pipeline.build(
        [(back, "交办.xlsx")],
        store=store,
        note="",
        by="",
        serve=True,
        options=options,
        report=report,
    )
    second = replace(WEEKLY, month="2026-10", meeting_date="2026年11月2日")
    with store.open() as reader:
        assert reader.manifest.rows["assignment"] == before + 5
        asked = freeze.meeting(reader, second, (), root)
        snapshot = freeze.snapshot_of(reader, asked)
        told = snapshot.sections[0]
        assert told.title == "上次交办5项，完成3项，逾期2项：=食堂持续运营、管网反复堵塞"
        assert told.heading.startswith("上次交办事项落实情况") and first.id in told.heading
        assert [row[0] for row in told.rows] == [
            "逾期18个日历日",
            "逾期15个日历日",
            "完成",
            "完成",
            "完成",
        ]
        assert told.number == ("3/5", "上次交办的事项已完成") and told.rows[0][-1] == "正在选址"
        assert freeze.snapshot_of(reader, asked).id == snapshot.id
        late = [one.title for one in items_of(reader, "2026-10") if one.rule == "assignments_late"]
        assert {f"交办事项逾期：{ITEMS[3].matter}", f"交办事项逾期：{ITEMS[4].matter}"} <= set(late)
        # Another kind or scope, an earlier or the same meeting does not begin with it.
        street = reader.query("views/streets")["street_code"].iloc[0]
        for other in (
            replace(second, template="月拉练"),
            replace(second, template="", title="专题会"),
            replace(second, streets=(street,)),
            WEEKLY,
            replace(second, meeting_date="2026年10月1日"),  # that one came after it
        ):
            assert freeze.meeting(reader, other, (), root).earlier is None
        # Frozen again, the material of a period keeps its matters; a list with one of them is that list, corrected.
        again, more = replace(WEEKLY, meeting_date="2026年10月9日"), replace(ITEMS[0], id="JD-B")
        for items, listed in (((), ITEMS), (ITEMS[:1], ITEMS[:1]), ((more,), (*ITEMS, more))):
            asked = freeze.meeting(reader, again, items, root)
            assert asked.earlier is None
            assert [one.id for one in asked.assigned] == [one.id for one in listed]
            days = {one.id: one.issued_on for one in asked.assigned}
            assert {days.pop(one.id) for one in items} <= {"2026-10-09"}
            assert set(days.values()) <= {"2026-10-08"}  # what stays keeps its day
    # What was frozen stays what it was, whatever came back.
    assert as_plain(archive.reopen(first.id, root)) == frozen


def test_a_sheet_that_came_back_wrong_is_told_with_its_cell(tmp_path):
    sample.write_sample(tmp_path / "all")
    items = tuple(replace(item, issued_on="2026-10-08") for item in ITEMS)
    snapshot = replace(_bare(), assigned=items)
    issued = {snapshot.id: {item.id: item.due_on for item in items}}
    faults = {
        "A7": ("JD-FFFFFF", f"快照{snapshot.id}的交办单里没有“JD-FFFFFF”"),
        "I8": ("KZ-1", "不是快照编号"),
        "J9": ("是", "写了已完成，没有完成日期"),
        "K10": (dt.date(2026, 10, 20), "填了完成日期，是否完成却没有写是"),
        "G11": (dt.date(2026, 10, 28), "应完成日期与交办单不符，交办单上是2026-10-18"),
    }
    more = {
        "K9": (dt.date(2026, 9, 1), "完成日期早于交办日期", {"J9": "是"}),
        "J10": ("办了", "“办了”不是 是 或 否", {}),
        "E11": ("王小明", "含个人姓名，整个文件不予入库", {}),
        "A8": ("JD-A00001", "与第7行重复（交办编号 JD-A00001）", {}),
        "A9": (None, "此格为空", {}),
        "C10": ("北京街道", "“北京街道”不在街道名录中", {}),
    }

    def found(cells: dict) -> dict[str, str]:
        def fill(sheet, at):
            for cell, value in cells.items():
                sheet[cell] = value

        path = returned(snapshot, tmp_path / "all" / "back.xlsx", fill)
        (tmp_path / "all" / "back.xlsx").rename(tmp_path / "all" / "交办单.xlsx")
        staged = stage(
            [
                (one, one.name)
                for one in sorted((tmp_path / "all").iterdir())
                if one.name != "其他.xlsx"
            ],
            issued=issued,
        )
        assert path.name not in staged.tables
        return {
            issue.cell: issue.what
            for issue in staged.issues
            if issue.severity == ERROR and issue.sheet == "交办台账"
        }

    assert found({}) == {}
    said = found({cell: value for cell, (value, _) in faults.items()})
    told_at = {"J9": "K9", "K10": "J10"}  # the cell to fill in, the answer to change
    assert {cell: said.get(told_at.get(cell, cell)) for cell in faults} == {
        cell: what for cell, (_, what) in faults.items()
    }
    for cell, (value, what, beside) in more.items():
        assert found({cell: value, **beside}).get(cell, "").startswith(what), cell
    unknown = {f"I{row}": "KZ-AAAA-BBBB-CCCC" for row in range(7, 12)}
    assert found(unknown) == {}


def _bare():
    from tests.snapshots.district import make

    return make(nature="实有")


SHEET = st.lists(
    st.tuples(
        st.integers(0, 6),  # which matter; 5 and 6 are of another meeting
        st.sampled_from(["2026-10-09", "2026-10-18", "2026-10-30", "2026-11-30", None]),
    ),
    unique_by=lambda row: row[0],
)


@pytest.fixture(scope="module")
def con(tmp_path_factory):
    from chunshui.warehouse.reader import connect

    con = connect(tmp_path_factory.mktemp("v") / "v.duckdb", read_only=False)
    tables = {name: district.tables()[name] for name in ("district", "street", "community")}
    district.build(con, tables, [Month.parse("2026-10").first])
    yield con
    con.close()


@settings(max_examples=25, deadline=None)
@given(SHEET, st.sampled_from(["2026-10-08", "2026-10-18", "2026-11-02", "2027-01-01"]))
def test_done_overdue_open_and_silent_are_all_there_is(con, sheet, day):
    for table in ("assignment", "source_row", "source_file"):
        where = "" if table == "assignment" else "where source_id = 'assignment'"
        con.execute(f"delete from {table} {where}")
    rows = [
        (f"JD-A0000{n + 1}", "x", None, None, "x", "2026-10-08", "2026-12-31", None, None,
         done is not None, done, None)
        for n, done in sheet
    ]  # fmt: skip
    if rows:
        district.add(con, {"assignment": district.named("assignment", rows)})
    reader = SimpleNamespace(
        manifest=SimpleNamespace(rows={"assignment": len(rows)}),
        query=lambda name, **params: sql.run(con, name, **params),
    )
    table = assigned.followed(
        reader,
        Earlier("KZ-0000-0000-0000", tuple(replace(one, issued_on="2026-10-08") for one in ITEMS)),
        day,
    )
    done = dict(sheet)
    counted = dict.fromkeys(assigned.STANDINGS, 0)
    for n, item in enumerate(ITEMS):
        if n not in done:
            counted[assigned.SILENT if item.due_on <= day else assigned.OPEN] += 1
        elif done[n] and done[n] <= day:
            counted[assigned.DONE] += 1
        else:
            counted[assigned.LATE if item.due_on <= day else assigned.OPEN] += 1
    assert sum(counted.values()) == table.total == len(table.rows) == 5
    assert table.number[0] == f"{counted[assigned.DONE]}/5"
    said = pd.Series([row[0] for row in table.rows])
    assert said.str.startswith("完成").sum() == counted[assigned.DONE]
    assert said.str.startswith("未反馈").sum() == counted[assigned.SILENT]
    assert said.eq("在办").sum() == counted[assigned.OPEN]
    ranks = [
        0 if one[0] in "逾当" else 1 if one[0] == "未" else 2 if one[0] == "在" else 3
        for one in said
    ]
    assert ranks == sorted(ranks)


@pytest.mark.parametrize(
    ("spoilt", "why"),
    [
        ({"unit": "王小明"}, "像是人名"),
        ({"unit": " "}, "这一项没有写责任单位"),
        ({"matter": ""}, "没有写事项"),
        ({"due_on": ""}, "没有写应完成日期"),
        ({"due_on": "2026-10-01", "issued_on": "2026-10-08"}, "早于交办的2026年10月8日"),
        ({"matter": "联系 13800000000"}, "含手机号"),
        ({"matter": "长" * 201}, "超过200字"),
        (vars(ITEMS[0]) | {"id": "JD-1"}, "交办单第1项就是这件事"),
    ],
)
def test_a_matter_that_cannot_be_handed_out_is_refused_and_not_kept(tmp_path, spoilt, why):
    kept.assign(ITEMS[0], tmp_path)
    with pytest.raises(ChunshuiError, match=why):
        kept.assign(replace(ITEMS[1], **spoilt), tmp_path)
    assert kept.read(tmp_path).assigned == ITEMS[:1]
    kept.keep_assigned(ITEMS[::-1], tmp_path)
    kept.keep("周一例会", "snapshots", "", tmp_path)
    assert kept.read(tmp_path).assigned == ITEMS[::-1]  # beside all that is kept


def test_the_kind_of_a_material_is_its_template_or_its_title_without_numbers():
    kind = comparison.kind_of
    assert kind("", "2026年9月工作例会") == kind("", "2026年10月工作例会") == "工作例会"
    assert kind("", "第十二次党建例会") == kind("", "第3次党建例会") != kind("", "民情例会")
    assert kind("周通报", "甲") == kind("周通报", "乙") != kind("月拉练", "甲")


def test_a_matter_is_due_in_time_for_the_next_months_material():
    data_month = Month.parse("2026-10")
    assert assigned.usual_due(data_month, "2026年11月5日") == dt.date(2026, 11, 30)
    assert assigned.usual_due(data_month, "2026年11月28日") == dt.date(2026, 12, 28)
