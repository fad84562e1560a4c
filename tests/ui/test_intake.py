"""台账入库 and 数据质量: a ledger from upload to publication, and what the pages say on the way."""

import io
import json
import re
import shutil

import numpy as np
import openpyxl
import pandas as pd
import pytest
import shapely

from chunshui import coordinates, pipeline
from chunshui.ui.topics.intake import data as intake
from chunshui.ui.topics.intake import waiting
from chunshui.warehouse import Store, publish
from tests.ui.conftest import words_on
from tests.warehouse import small


def workbook(folder, change=lambda sheet: None, ledger="民情台账") -> bytes:
    """One ledger of a data folder, changed, as an upload."""
    book = openpyxl.load_workbook(folder / "ledgers" / "台账.xlsx")
    for sheet in book.worksheets:
        if sheet.title != ledger:
            book.remove(sheet)
    change(book[ledger])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


pytestmark = pytest.mark.usefixtures("reading_here", "few_metrics")


@pytest.fixture(scope="module")
def ledgers(tmp_path_factory):
    functions = pd.DataFrame(
        {"station_id": ["Z001", "Z002"], "function": "幸福食堂", "capacity_per_day": 10}
    )
    return small.ledgers(tmp_path_factory.mktemp("small") / "ledgers", station_function=functions)


@pytest.fixture
def data(ledgers, tmp_path):
    """A data folder of its own in which the small district is served; it is published once."""
    kept = ledgers.with_name("versions")
    if not kept.exists():
        pipeline.build(ledgers, store=Store(kept), note="", by="试", serve=True)
    shutil.copytree(kept, tmp_path / "versions")
    (tmp_path / "ledgers").symlink_to(ledgers)
    return tmp_path


@pytest.fixture
def checked(open_app, data, monkeypatch):
    """Return a function that uploads files by way of the page's own functions and opens it."""

    class Upload(io.BytesIO):
        def __init__(self, name, content):
            super().__init__(content)
            self.name = name

    def check(*files, options=None):
        app = open_app(data, "intake")
        state = {}
        with monkeypatch.context() as outside:
            outside.setattr(intake.st, "session_state", state)
            intake.check([Upload(*file) for file in files], options or pipeline.IntakeOptions())
        app.session_state["intake_draft"] = state["intake_draft"]
        return app.run()

    return check


def test_both_pages_open_and_name_the_version(open_app, published):
    app = open_app(published, "intake")
    assert not app.exception
    assert "上传台账后先检查、再预览、最后发布" in words_on(app)
    edition = Store(published / "versions").current().edition
    assert all(table.empty for table in intake.effect(edition, edition))  # nothing moves, no row
    app = open_app(published, "quality")
    assert not app.exception
    assert "条规则查出问题" in words_on(app)
    assert any("行号" in table.value for table in app.dataframe)
    (burden,) = [table.value for table in app.dataframe if "重复填了多少格" in table.value]
    asked = burden.set_index("列")["重复填报的台账"]
    assert asked["建成年份"] == "楼栋台账"
    # The sum planned for a project of the fund is another than that for a renovation.
    assert "计划金额" not in asked


def test_one_rule_shows_its_rows(open_app, published):
    app = open_app(published, "quality")
    rules = app.selectbox(key="rule").options
    app.selectbox(key="rule").set_value(rules[1]).run()
    assert not app.exception
    assert set(app.dataframe[0].value["规则"]) == {rules[1]}


def test_the_quality_of_a_street_is_that_of_its_rows(open_app, published):
    """Held against the ledgers' own rows: every row found lies in the street, and all of them are there."""
    whole, part = (
        open_app(published, "quality", **scope) for scope in ({}, {"street": "长丰街道"})
    )
    assert not part.exception and "长丰街道台账有" in words_on(part)
    every, found = whole.dataframe[0].value, part.dataframe[0].value
    assert 0 < len(found) < len(every)
    with Store(published / "versions").open() as reader:
        projects = reader.frame("from renovation_project join community using (community_code)")
    inside = set(projects["project_id"][projects["street_code"] == "420104011"])
    of_projects = every["编号"].isin(projects["project_id"])
    assert set(every["编号"][of_projects]) & inside == set(found["编号"]) & set(
        projects["project_id"]
    )
    assert list(part.dataframe[1].value.columns) == ["台账", "长丰街道"]


def test_a_bad_ledger_is_reported_and_cannot_be_published(checked, data):
    app = checked(("民情.xlsx", workbook(data, lambda sheet: sheet.__setitem__("B5", "甲路街道"))))
    assert not app.exception
    assert "查出1处错误" in words_on(app)
    listed = next(t.value for t in app.dataframe if "怎么改" in t.value)
    assert listed["单元格"].to_list() == ["B5"]
    assert "是不是“甲街道”" in listed["问题"].iloc[0]
    understood = app.dataframe[0].value
    fates = understood[["合格", "有错", "合计", "表头", "脚注", "空行"]].sum(axis=1)
    assert (fates == understood["总行数"]).all()
    assert not [one for one in app.button if "预览" in one.label]


def test_what_is_refused_whole_comes_first_with_all_its_rows(checked, data):
    """A sheet that lacks a column, and a file that cannot be opened, beside a sheet that can be taken."""

    def without_kinds(sheet):
        sheet.delete_cols(
            next(cell.column for row in sheet for cell in row if cell.value == "类别")
        )

    app = checked(
        ("阵地.xlsx", workbook(data, ledger="阵地台账")),
        ("民情.xlsx", workbook(data, without_kinds)),
        ("坏.xlsx", b"PK\x03\x04"),
    )
    assert not app.exception
    table = app.dataframe[0].value
    assert table["文件"].to_list()[:3] == ["坏.xlsx", "民情.xlsx", "阵地.xlsx"]
    assert table["认作"][0] == "拒收"
    (lacking,), (good,) = ([one] for one in table.iloc[1:3].to_dict("records"))
    assert lacking["拒收"] == lacking["总行数"] - lacking["表头"] > 0
    assert lacking["合格"] == lacking["有错"] == good["拒收"] == 0 < good["合格"]
    listed = next(t.value for t in app.dataframe if "怎么改" in t.value)
    assert listed["单元格"].to_list()[:2] == ["整个文件", "整张表"]
    assert [name for name, _ in intake.marked_files(app.session_state["intake_draft"])] == [
        "民情.xlsx"
    ]


def test_personal_data_is_named_and_never_shown(checked, data):
    app = checked(
        ("民情.xlsx", workbook(data, lambda sheet: sheet.__setitem__("E5", "13800000000")))
    )
    said = words_on(app) + " ".join(table.value.to_string() for table in app.dataframe)
    assert "含手机号" in said
    assert "13800000000" not in said
    draft = app.session_state["intake_draft"]
    assert draft.files == []
    assert list(draft.folder.iterdir()) == [] and not (data / "waiting").exists()


def test_a_good_ledger_is_previewed_lost_sight_of_taken_up_published_and_undone(
    checked, data, open_app
):
    store = Store(data / "versions")

    def close(sheet):
        for row in sheet.iter_rows(min_row=4):
            if row[7].value is None:
                row[7].value, row[8].value = "2026.10.30", "社区"
                return

    app = checked(("民情.xlsx", workbook(data, close)))
    assert "可以预览" in words_on(app)
    next(one for one in app.button if "预览" in one.label).click().run(timeout=240)
    assert not app.exception
    assert "预览v000002已建成，尚未发布" in words_on(app)
    changed = next(t.value for t in app.dataframe if "变化" in t.value and "v000001" in t.value)
    assert "民情办结率" in set(changed["指标"])
    assert store.current().version == "v000001"
    app = open_app(data, "intake")  # another session: the page was loaded anew, or the server was
    assert any("检查过的1个文件还没有发布，都留着" in one.value for one in app.info)
    next(one for one in app.button if one.label.startswith("接着办")).click().run(timeout=240)
    assert "可以预览" in words_on(app) and not app.exception
    assert [one.version for one in store.versions()] == ["v000001"]  # the preview nobody had
    next(one for one in app.button if "预览" in one.label).click().run(timeout=240)
    app.text_input[0].set_value("区民情办")
    app.text_input[1].set_value("十月")
    next(one for one in app.button if one.label == "发布").click().run(timeout=60)
    assert "v000003将替换现用的v000001" in words_on(app) and "修改1行" in words_on(app)
    assert store.current().version == "v000001"  # it asks once, with what it does
    next(one for one in app.button if one.label == "确认发布").click().run(timeout=60)
    assert store.current().version == "v000003"
    assert "v000003已发布" in " ".join(one.value for one in app.success)
    assert not (data / "waiting").exists()
    assert "v000002没有发布过" in words_on(open_app(data, "versions"))
    assert store.history()[-1].by == "区民情办"
    publish.undo(store, by="试")
    assert store.current().version == "v000001"


def test_a_streets_file_may_update_its_street_or_replace_the_ledger(checked, data):
    def one_street(sheet):
        for number in range(sheet.max_row, 3, -1):
            if sheet.cell(number, 5).value != "甲街道":
                sheet.delete_rows(number)

    app = checked(("阵地.xlsx", workbook(data, one_street, "阵地台账")))
    assert "没有错误，只更新甲街道，可以预览" in words_on(app)
    assert "阵地台账：这批有甲街道" in words_on(app)
    (choice,) = [one for one in app.radio if one.label == "怎样更新"]
    assert choice.value.startswith("只更新这些街道的行（其余街道沿用现用版本")
    choice.set_value("替换整本台账").run(timeout=120)
    assert not app.exception
    assert "处错误，还不能发布" in words_on(app), (
        "functions of the other street's station hang in the air"
    )
    (shown,) = [one for one in app.button_group if one.label == "显示"]
    assert "错误" in shown.value


def test_a_boundary_of_another_map_is_asked_about_once_and_converted_on_the_page(checked, data):
    document = json.loads((data / "ledgers" / "行政区界.geojson").read_text("utf-8"))
    document.pop("坐标系")
    (feature,) = document["features"]
    shape = shapely.transform(
        shapely.geometry.shape(feature["geometry"]),
        lambda xy: np.column_stack(coordinates.from_wgs84(*xy.T, coordinates.GCJ02)),
    )
    feature["geometry"] = shapely.geometry.mapping(shape)
    app = checked(("行政区界.geojson", json.dumps(document, ensure_ascii=False).encode()))
    assert "查出1处错误，还不能发布" in words_on(app)
    said = re.search(
        "《行政区界.geojson》：行政区边界整体偏移约(.*?)米，很可能是 GCJ-02", words_on(app)
    )
    assert 500 < int(said[1]) < 700
    (convert,) = [one for one in app.button if one.label == "按GCJ-02换算后重新检查"]
    convert.click().run(timeout=120)
    assert not app.exception
    assert "没有错误，可以预览" in words_on(app)
    draft = app.session_state["intake_draft"]
    assert "行政区界的坐标按GCJ-02换算成 WGS-84（共1处）" in [i.what for i in draft.report.issues]
    assert draft.report.staged.readings["why"].tolist() == ["GCJ-02换算成 WGS-84（入库时选定）"]
    assert not [one for one in app.button if "换算" in one.label]


TAG = "<img src=x onerror=alert(1)>"


def test_89_a_tag_in_a_cell_is_shown_and_not_run(checked, data):
    def spoil(sheet):
        sheet["B5"], sheet["D6"] = TAG, f"![]({TAG})"

    app = checked((f"{TAG}.xlsx", workbook(data, spoil)))
    assert not app.exception
    listed = next(t.value for t in app.dataframe if "怎么改" in t.value)
    assert f"“{TAG}”不在街道名录中" in listed["问题"].iloc[0]
    # Tables are drawn on a canvas; whatever Markdown is given has the tag made plain.
    assert TAG not in words_on(app).replace("\\<", "")
    labels = [one.label for kind in ("button", "download_button") for one in app.get(kind)]
    assert all(TAG not in label for label in labels)


def test_a_street_file_becomes_two_ledgers(checked, tmp_path):
    from tests.pipeline.test_streets import osm_file

    content = osm_file(tmp_path / "a.osm.pbf").read_bytes()
    app = checked(("道路.osm.pbf", content), options=pipeline.IntakeOptions(demonstration=True))
    assert not app.exception
    said = " ".join(one.value for one in app.info)
    assert "《道路.osm.pbf》按现用版本v000001各社区的范围外扩1,500米裁剪" in said
    assert "高速公路、匝道1条" in said
    understood = app.dataframe[0].value
    assert understood["认作"].to_list() == ["步行节点", "步行路段"]
    assert set(understood["文件"]) == {"步行节点（道路）.csv", "步行路段（道路）.csv"}
    assert app.session_state["intake_draft"].report.ok
    assert [one for one in app.button if "预览" in one.label]


def test_what_waits_is_whole_at_any_moment(tmp_path, monkeypatch):
    monkeypatch.setattr(waiting.permit, "own_folder", lambda: tmp_path)
    options = pipeline.IntakeOptions(streets=("宗关",))
    for name in ("十月.csv", "十一月.csv"):
        (tmp_path / name).write_text(name)
    waiting.keep([(tmp_path / "十月.csv", "十月.csv")], options)

    def kept() -> tuple[str, ...]:
        left = waiting.read()
        assert left and left.options == options
        return tuple(one.read().decode() for one in left.uploads())

    class Killed(BaseException):
        pass

    def kill(*_, **__):
        raise Killed

    for step in ("shutil.copyfile", "durable.replace"):
        with monkeypatch.context() as patch, pytest.raises(Killed):
            patch.setattr(f"{waiting.__name__}.{step}", kill)
            waiting.keep([(tmp_path / "十一月.csv", "十一月.csv")], options)
        assert kept() == ("十月.csv",)
    waiting.keep([(tmp_path / "十一月.csv", "十一月.csv")], options)
    assert kept() == ("十一月.csv",)
    assert len(list((tmp_path / "waiting").iterdir())) == 2  # nothing of the ones before is left
    waiting.keep([], options)
    assert waiting.read() is None and not (tmp_path / "waiting").exists()
