"""The page 会议快照, as a user clicks through it."""

import datetime as dt
import re
from dataclasses import replace
from urllib.parse import parse_qs

import pandas as pd
import pytest

from chunshui import words
from chunshui.access.roles import Act
from chunshui.snapshots import archive, kept, templates
from chunshui.snapshots.render import child_process, export
from chunshui.snapshots.render.screens import screens
from chunshui.ui.shell import permit
from tests.ui.conftest import linked, offered, words_on
from tests.ui.conftest import open_app as open_app


@pytest.fixture
def data(published, tmp_path):
    """A data folder of its own over the published version: the page writes an archive."""
    (tmp_path / "versions").symlink_to(published / "versions")
    return tmp_path


@pytest.fixture
def rendering_here(monkeypatch):
    """Let documents be made in the test's own process: the child's start costs as much as they."""

    def documents(snapshot_id, *asked, templates=None, **named):
        return export.documents(archive.reopen(snapshot_id), *asked, **named)

    monkeypatch.setattr(child_process, "documents", documents)


def test_from_template_to_download(open_app, data):
    app = open_app(data, "snapshots", street="古田街道")
    assert not app.exception and "还没有冻结过" in words_on(app)
    app.button_group(key="template").set_value("周通报").run()
    assert app.multiselect(key="sections").value == ["一周动态"]
    _button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error
    line = archive.listing(data / "snapshots")[0][0]
    assert line.scope == "古田街道" and line.title.startswith("古田街道一周动态（2026年10月")
    assert app.selectbox(key="snapshot").value == line.id
    assert (
        f"已冻结并存入档案：《{line.title}》" in app.success[0].value
        and line.id in app.success[0].value
    )
    for _ in range(2):  # made, and kept over whatever else is chosen
        names = [one.label for one in app.get("download_button")]
        for name in ("演示文稿", "简报", "工作簿"):
            assert any(label.startswith(name) for label in names)
        assert not any(label.startswith("全部图片") for label in names)  # a week has none
        assert not app.run().exception and not app.error
    _button(app, "冻结并生成").click().run()
    assert len(archive.listing(data / "snapshots")[0]) == 1


@pytest.mark.usefixtures("rendering_here")
def test_own_choice_in_the_order_chosen(open_app, data):
    app = open_app(data, "snapshots")
    labels = ["一年走势 · 民情办结率", "街道排名 · 民情办结率"]
    app.multiselect(key="sections").set_value(labels).run()
    _button(app, "冻结并生成").click().run()
    snapshot = archive.reopen(app.selectbox(key="snapshot").value, data / "snapshots")
    assert [section.kind for section in snapshot.sections] == ["trend", "ranking"]
    names = [one.label for one in app.get("download_button")]
    assert any(label.startswith("全部图片") for label in names)
    app.multiselect(key="sections").set_value(labels[:1]).run()
    _button(app, "冻结并生成").click().run()
    assert "2份快照" in words_on(app)
    assert any(one.proto.popover.label == "下载全部不同之处" for one in app.get("popover"))
    # Filed: found by what is remarked on it, into the trash and for ever.
    (first,) = (one.id for one in archive.listing(data / "snapshots")[0] if one.id != snapshot.id)
    archive.file(snapshot.id, data / "snapshots", remark="常委会用过")
    app.text_input(key="find_snapshot").set_value("cwh").run()
    (option,) = app.selectbox(key="snapshot").options
    assert snapshot.id in option
    _button(app, "移入回收站").click().run()
    assert not app.exception and [one.id for one in archive.trash(data / "snapshots")] == [
        snapshot.id
    ]
    _button(app, "确认永久删除").click().run()
    lines, damaged = archive.listing(data / "snapshots")
    assert (
        [one.id for one in lines] == [first]
        and not damaged
        and not archive.trash(data / "snapshots")
    )
    assert not app.exception and not app.error


def test_a_choice_that_cannot_be_frozen_says_so(open_app, data):
    app = open_app(data, "snapshots")
    app.multiselect(key="sections").set_value(["核心指标"]).run()
    _button(app, "冻结并生成").click().run()
    assert not app.exception and "至少要选一个指标" in app.error[0].value


@pytest.mark.usefixtures("rendering_here")
def test_what_is_typed_stays_text_and_what_cannot_be_printed_is_refused(open_app, data):
    app = open_app(data, "snapshots")
    app.multiselect(key="sections").set_value(["关注事项"]).run()
    _title(app).set_value("开会😀")
    _button(app, "冻结并生成").click().run()
    assert "标题里的“😀”（U+1F600）印不出来" in app.error[0].value
    assert not archive.listing(data / "snapshots")[0]
    nasty = '=HYPERLINK("http://x") ../../etc/passwd [a](b) <script>'
    _title(app).set_value(nasty)
    _button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error
    assert archive.listing(data / "snapshots")[0][0].title == nasty
    said = words_on(app)
    assert (
        "http://" not in said and "[a](b)" not in said and "<script>" not in said.replace("\\<", "")
    )
    files = [path.name for path in data.iterdir()]
    assert sorted(files) == ["kept.json", "snapshots", "versions"]


CANTEEN = {"function": "幸福食堂", "street": "古田街道"}
ON_SCREEN = {
    "步行圈 · 幸福食堂，周三19:00，步行15分钟（720米），60岁及以上居民 · 古田街道": (
        "circles",
        CANTEEN | {"day": "周三", "hour": "19:00", "within": "15分钟"},
    ),
    "假如 · 方案一 · 幸福食堂，步行10分钟（480米），60岁及以上居民 · 古田街道": (
        "circles",
        CANTEEN | {"view": "假如"},
    ),
    "下一处 · 幸福食堂，步行10分钟（480米），60岁及以上居民 · 候选网格 · 古田街道": (
        "circles",
        CANTEEN | {"view": "下一处", "k": "2", "among": "网格"},
    ),
    "撤并试算（不是建议） · 阵地，步行500米，居民 · 放宽容量不够 · 古田街道": (
        "circles",
        {"view": "合并", "relax": "容量不够", "within": "500米", "street": "古田街道"},
    ),
    "各阶段日期": ("renovation", {"part": "一个项目", "street": "古田街道"}),
    "需要关注 · 关注 · 古田街道": ("attention", {"gravity": "关注", "street": "古田街道"}),
}


def test_what_is_on_the_screen_is_frozen_as_it_stands(open_app, data):
    seen = {}
    for heading, (page, asked) in ON_SCREEN.items():
        app = open_app(data, page, month="2026-09", **asked)
        if asked.get("view") == "假如":
            place = app.selectbox(key="wi_place")
            place.set_value(place.options[0]).run()
            _button(app, "加入方案").click().run()
        button = next(
            one for one in offered(app).button if heading in one.label and "2026年9月" in one.label
        )
        tables = [one.value for one in app.dataframe]
        seen[button.label] = words_on(app), tables
        button.click().run()
        assert not app.exception and not app.error
        assert next(one for one in app.button if one.label == button.label).disabled
    # Frozen for another place and month, they are what they were.
    app = open_app(data, "snapshots", street="易家街道")
    assert app.multiselect(key="sections").value == list(seen)
    _button(app, "冻结并生成").click().run()
    snapshot = archive.reopen(app.selectbox(key="snapshot").value, data / "snapshots")
    for place, (section, (heading, (said, tables))) in enumerate(
        zip(snapshot.sections, seen.items(), strict=True)
    ):
        assert section.heading == heading and section.total == len(section.rows)
        heads = [column.label for column in section.columns]
        assert section.title.partition("（已证明")[0] in said  # the list of items has no table
        if "需要关注" in heading:
            assert all(cell in said for row in section.rows for cell in row[2:])
        elif "步行圈" in heading:  # of all communities, where the page lists some
            rows = {(row[0], row[2]) for row in section.rows}
            assert rows >= set(zip(tables[0]["社区"], tables[0]["走不到（人）"], strict=True))
        else:
            table = next(one for one in tables if set(heads) <= set(one.columns))[heads]
            codes = [head for head in heads if head.endswith(words.COUNT_NOTHING)]
            table = table.astype(dict.fromkeys(codes, "string"))
            cells = [["" if pd.isna(cell) else cell for cell in row] for row in table.to_numpy()]
            assert [["" if cell is None else cell for cell in row] for row in section.rows] == cells
        drawn = screens.screen(snapshot, place)
        assert not section.number or section.number[1] in drawn
        nameless = screens.screen(snapshot, place, nameless=True)
        things = {cell for row in section.rows for cell in row[:2] if isinstance(cell, str)}
        assert not [
            one for one in {*things, *(section.names or ())} if len(one) > 3 and one in nameless
        ]


OFFERED = {
    "overview": [
        "核心指标（本页6项）",
        "社区地图 · “一长六员”配齐率",
        "关注事项",
        "公开数字对照",
    ],
    "dictionary": ["街道排名 · 两新组织党组织覆盖率", "三年走势 · 两新组织党组织覆盖率"],
    "renovation": ["核心指标（本页6项）", "社区地图 · 老旧小区改造累计完工率（户）"],
    "fund": ["核心指标（本页6项）", "公开数字对照"],
    "demo_sites": ["核心指标（本页5项）"],
    "grids": [
        "核心指标（本页6项）",
        "社区地图 · 网格岗位到岗率",
        "网格地图 · 岗位空缺 · 全区 · 2026年10月",
    ],
    "week": ["一周动态"],
    "riders": ["核心指标（本页6项）", "社区地图 · 小哥驿站十分钟覆盖率"],
    "two_new": ["核心指标（本页4项）", "公开数字对照", "社区地图 · 两新组织党组织覆盖率"],
    "circles": ["核心指标（本页4项）"],
    "coverage": ["核心指标（本页6项）"],
}


@pytest.mark.parametrize("page", OFFERED)
def test_every_page_offers_what_it_shows(open_app, data, page):
    app = open_app(data, page)
    assert not app.exception
    assert not [one for one in app.button if one.label in OFFERED[page]]  # few ask for them
    labels = [one.label for one in offered(app).button]
    assert not [label for label in OFFERED[page] if label not in labels]


@pytest.mark.usefixtures("rendering_here")
def test_from_a_page_into_the_material(open_app, data, monkeypatch):
    made = {}
    monkeypatch.setattr(
        permit,
        "guarded",
        lambda make, act, **told: made.update({told["file"]: (make, act)}) or make,
    )
    app = offered(open_app(data, "overview"))
    assert _button(app, "冻结0部分，下载演示文稿").disabled
    for label in OFFERED["overview"]:
        _button(app, label).click().run()
        assert _button(app, label).disabled
    offered(app.switch_page("../pages/fund.py").run())
    _button(app, OFFERED["fund"][0]).click().run()
    app.text_input(key="maker").set_value("周某岗").run()
    (file, (make, act)), *_ = [one for one in made.items() if one[0].endswith(".pptx")][::-1]
    assert act is Act.FREEZE and not archive.listing(data / "snapshots")[0]
    assert make().startswith(b"PK")  # frozen and handed over at one click
    (line,) = archive.listing(data / "snapshots")[0]
    assert line.id in file and line.frozen_by == "周某岗"
    app.switch_page("../pages/snapshots.py").run()
    _button(app, "冻结并生成").click().run()
    assert not app.exception and not app.error
    assert [one.id for one in archive.listing(data / "snapshots")[0]] == [line.id]
    snapshot = archive.reopen(app.selectbox(key="snapshot").value, data / "snapshots")
    kinds = [section.kind for section in snapshot.sections]
    assert kinds == ["figures", "map", "attention", "claims"]
    shown = [figure.metric for figure in snapshot.sections[0].figures]
    assert len(shown) == 12 and "fund_spent" in shown


MONTHLY, WEEKLY = "月拉练", "周通报"


def test_what_is_chosen_is_in_the_address_and_there_in_a_new_session(open_app, data):
    app = open_app(data, "snapshots")
    app.button_group(key="template").set_value(MONTHLY).run()
    chosen = app.multiselect(key="sections").value
    _button(app, "下移").click().run()
    moved = app.multiselect(key="sections").value
    assert moved == [chosen[1], chosen[0], *chosen[2:]]
    assert app.query_params["sections"] == moved
    app.selectbox(key="to_move").set_value(moved[0]).run()
    assert _button(app, "最前").disabled and not _button(app, "最后").disabled
    _button(app, "最后").click().run()
    _title(app).set_value("十一月拉练")
    app.text_input(key="issuing_unit").set_value("区委社会工作部")
    app.text_input(key="maker").set_value("综合科")
    app.date_input(key="meeting_date").set_value(dt.date(2026, 11, 30)).run()
    moved = app.multiselect(key="sections").value
    assert moved == [chosen[0], *chosen[2:], chosen[1]]
    again = open_app(data, "snapshots")
    assert again.multiselect(key="sections").value == moved
    assert again.button_group(key="template").value == MONTHLY
    assert _title(again).value == "十一月拉练"
    assert [again.text_input(key=key).value for key in ("issuing_unit", "maker")] == [
        "区委社会工作部",
        "综合科",
    ]
    assert again.date_input(key="meeting_date").value == dt.date(2026, 11, 30)
    assert again.multiselect(key="tiles").value == app.multiselect(key="tiles").value
    linked_to = open_app(data, "snapshots", sections=["关注事项", "没有的"])
    assert linked_to.multiselect(key="sections").value == ["关注事项"]
    assert "没有的" in linked_to.warning[0].value
    _button(linked_to, f"链接里的部分已选上；换回上次选的{len(moved)}部分").click().run()
    assert linked_to.multiselect(key="sections").value == moved


def test_what_was_taken_out_at_once_comes_back(open_app, data):
    app = open_app(data, "snapshots")
    app.button_group(key="template").set_value(MONTHLY).run()
    chosen = app.multiselect(key="sections").value
    app.multiselect(key="sections").set_value([]).run()
    assert not kept.read(data).draft.sections
    _button(app, f"取回刚才的{len(chosen)}部分").click().run()
    assert app.multiselect(key="sections").value == chosen
    assert list(kept.read(data).draft.sections) == chosen and not app.exception


def test_a_template_replaces_what_was_picked_by_hand_only_when_told_to(open_app, data):
    app = open_app(data, "snapshots")
    app.multiselect(key="sections").set_value(["公开数字对照"]).run()
    app.button_group(key="template").set_value(WEEKLY).run()
    assert app.multiselect(key="sections").value == ["公开数字对照"]
    _button(app, "保留自选的").click().run()
    assert app.multiselect(key="sections").value == ["公开数字对照"] and not app.warning
    app.button_group(key="template").set_value(WEEKLY).run()
    _button(app, f"换成{WEEKLY}").click().run()
    assert len(app.multiselect(key="sections").value) == 1
    app.button_group(key="template").set_value(MONTHLY).run()  # nothing by hand: no question
    assert len(app.multiselect(key="sections").value) == len(
        templates.get_template(MONTHLY).choices
    )
    assert app.button_group(key="template").value == MONTHLY


def test_a_draft_of_an_earlier_template_is_not_taken_for_that_of_today(open_app, data):
    """Kept by earlier software: neither under today's words nor frozen as that; one click brings it up to date."""
    earlier = kept.Draft(("街道排名 · 民情办结率", "关注事项"), (), template=MONTHLY)
    for digest in ("", "00000000"):
        kept.keep_draft(replace(earlier, template_digest=digest), data)
        app = open_app(data, "snapshots")
        assert app.multiselect(key="sections").value == list(earlier.sections)
        assert app.button_group(key="template").value == "自选"
        said = app.warning[0].value
        assert f"出自“{MONTHLY}”以前的模板" in said and "不再有“街道排名 · 民情办结率”" in said
        _button(app, f"换成现在的“{MONTHLY}”").click().run()
        assert app.button_group(key="template").value == MONTHLY and not app.warning
        today = len(templates.get_template(MONTHLY).choices)
        assert len(app.multiselect(key="sections").value) == today
    again = open_app(data, "snapshots")
    assert again.button_group(key="template").value == MONTHLY and not again.warning


@pytest.mark.usefixtures("rendering_here")
def test_a_meeting_is_shown_screen_by_screen_as_frozen_or_as_chosen(open_app, data):
    app = open_app(data, "snapshots", street="古田街道")
    app.multiselect(key="sections").set_value(["街道排名 · 民情办结率", "关注事项"]).run()
    app.date_input(key="meeting_date").set_value(dt.date(2026, 11, 2)).run()
    _button(app, "冻结并生成").click().run()
    snapshot = archive.reopen(app.selectbox(key="snapshot").value, data / "snapshots")
    assert snapshot.meeting_date == "2026年11月2日"
    frozen = {"mode": "meeting", "snapshot": snapshot.id}
    for screen, place in (("1", 0), ("2", 1), ("99", 1), ("二", 0), ("-1", 0)):
        said = words_on(open_app(data, "snapshots", screen=screen, **frozen))
        assert snapshot.sections[place].title in said
        assert snapshot.id in said and "演示数据" in said and f"{place + 1} / 2" in said
    nobody = words_on(open_app(data, "snapshots", names="off", **frozen))
    assert not [p.community for p in snapshot.communities.places if p.community in nobody]
    chosen = {"mode": "meeting", "sections": ["关注事项"], "street": "古田街道"}
    said = words_on(open_app(data, "snapshots", **chosen))
    assert snapshot.sections[1].title in said and "未冻结" in said
    missing = open_app(data, "snapshots", mode="meeting", snapshot="KZ-0000-0000-0000")
    assert "没有编号为" in missing.error[0].value and "退出会场模式" in words_on(missing)


@pytest.mark.usefixtures("rendering_here")
def test_a_link_holds_the_id_of_a_snapshot_and_compares_from_the_older(open_app, data):
    app = open_app(data, "snapshots", month="2026-09")
    app.multiselect(key="sections").set_value(["街道排名 · 民情办结率"]).run()
    _button(app, "冻结并生成").click().run()
    older = app.selectbox(key="snapshot").value
    app.selectbox(key="month").set_value("2026-10").run()
    _button(app, "冻结并生成").click().run()
    newer = app.selectbox(key="snapshot").value
    app = open_app(data, "snapshots", snapshot=f"{older}　旧软件写的名字")
    assert app.selectbox(key="snapshot").value == older
    assert app.query_params["snapshot"] == older
    app = open_app(data, "snapshots", snapshot=newer)
    assert app.selectbox(key="other").value == older
    assert any("上一份同类" in one for one in app.selectbox(key="other").options)
    assert re.search(f"从.*{older}到.*{newer}", words_on(app))
    assert open_app(data, "snapshots", snapshot="KZ-9999-9999-9999").warning


def test_views_are_kept_opened_renamed_and_forgotten(open_app, data):
    kept.keep("例会", "snapshots", "sections=关注事项&snapshot=KZ-0000-0000-0000", data)
    app = open_app(data, "fund", street="古田街道")
    _button(app, "我的视图").click().run()
    app.text_input(key="view_name").set_value("<b>古田</b>")
    _button(app, "存下本页").click().run()
    meeting, view = kept.read(data).views
    assert (view.name, view.page) == ("<b>古田</b>", "fund")
    assert parse_qs(view.query) == {"street": ["古田街道"]}
    _button(app, "我的视图").click().run()
    assert "&lt;b&gt;古田" in linked(app, "views") and view.query in linked(app, "views")
    (stage,) = re.findall(r'href="(snapshots[^"]*mode=meeting)"', linked(app, "views"))
    assert "sections" in stage and "KZ-" not in stage
    kept.delete(meeting.id, data)
    _button(app, "我的视图").click().run()
    app.text_input(key="view_new_name").set_value("古田")
    _button(app, "改名").click().run()
    assert kept.read(data).views[0].name == "古田"
    _button(app, "我的视图").click().run()
    _button(app, "确认删除").click().run()
    assert not kept.read(data).views


def _title(app):
    return next(box for box in app.text_input if box.label == "标题")


def _button(app, label: str):
    return next(one for one in app.button if one.label == label)
