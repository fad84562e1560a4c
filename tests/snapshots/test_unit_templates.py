"""A unit's own master: made elsewhere, filled by names, what it lacks said, what is unsafe refused."""

import datetime as dt
import io
import zipfile
from dataclasses import replace
from itertools import pairwise

import pytest
from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Inches

from chunshui.errors import ChunshuiError
from chunshui.snapshots import unit_templates
from chunshui.snapshots.render.deck import deck, master
from chunshui.snapshots.render.onepage import slide
from tests.snapshots import district
from tests.snapshots.test_cut_lists import places

WHEN = dt.datetime(2026, 11, 2, 8, tzinfo=dt.UTC)
LAYOUTS = {"封面", "要点", "图表", "表格", "图形"}
CHINESE = ["标题幻灯片", "标题和内容", "节标题", "两栏内容", "比较", "仅标题", "空白", "内容与标题",
           "图片与标题", "标题和竖排文字", "竖排标题与文本"]  # fmt: skip


def saved(presentation) -> bytes:
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


def standard() -> bytes:
    """python-pptx's own template: 4:3, English layouts, no Chinese font."""
    return saved(Presentation())


def wide() -> bytes:
    """16:9 with Chinese layout names, a band and a logo, red theme, slides to be taken out."""
    own = Presentation()
    own.slide_width = Inches(13.333)
    sheets = [own.slide_masters[0], *own.slide_layouts]
    for sheet in sheets:
        for shape in sheet.placeholders:
            if shape._element.spPr.find(qn("a:xfrm")) is not None:
                shape.left, shape.width = int(shape.left * 4 / 3), int(shape.width * 4 / 3)
    for layout, name in zip(own.slide_layouts, CHINESE, strict=True):
        layout._element.find(qn("p:cSld")).set("name", name)
    logo = own.slide_layouts[5].shapes._spTree
    own.slides.add_slide(own.slide_layouts[0]).shapes.title.text = "示例页"
    box = own.slides[0].shapes.add_textbox(Inches(11.9), Inches(0.3), Inches(1.2), Inches(1.2))
    logo.append(box._element)
    for rel in own.slide_masters[0].part.rels.values():
        if rel.reltype.endswith("/theme"):
            theme = etree.fromstring(rel.target_part.blob)
            accent = theme.find(".//" + qn("a:accent1"))
            accent[0].set("val", "B22222")
            rel.target_part._blob = etree.tostring(theme)
    return saved(own)


def untitled() -> bytes:
    """One layout of no known name, no title anywhere."""
    own = Presentation()
    for layout in list(own.slide_layouts)[1:]:
        own.slide_layouts.remove(layout)
    for sheet in (own.slide_masters[0], own.slide_layouts[0]):
        for shape in list(sheet.placeholders):
            if shape.placeholder_format.type in (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE):
                shape._element.getparent().remove(shape._element)
    layout = own.slide_layouts[0]._element
    layout.find(qn("p:cSld")).set("name", "任意")
    del layout.attrib["type"]
    return saved(own)


def narrow() -> bytes:
    """16:10 with a narrow body at the right, no footers, layouts of names nobody knows."""
    own = Presentation()
    own.slide_width, own.slide_height = Inches(12), Inches(7.5)
    feet = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER, PP_PLACEHOLDER.DATE)
    for sheet in (own.slide_masters[0], *own.slide_layouts):
        for shape in list(sheet.placeholders):
            if shape.placeholder_format.type in feet:
                shape._element.getparent().remove(shape._element)
            elif shape.placeholder_format.type in (PP_PLACEHOLDER.BODY, PP_PLACEHOLDER.TITLE):
                shape.left, shape.width = Inches(3.6), Inches(8)
    for number, layout in enumerate(own.slide_layouts):
        layout._element.find(qn("p:cSld")).set("name", f"单位版式{number}")
    return saved(own)


MADE = {
    "narrow": narrow,
    "python-pptx": standard,
    "Chinese 16:9": wide,
    "no title": untitled,
    "ours": master.sample,
}


@pytest.mark.parametrize("name", MADE)
def test_a_template_made_elsewhere_is_filled_and_nothing_leaves_the_slide_or_overlaps(name):
    template = MADE[name]()
    usual = district.make()
    short = [places(n, f"第{n}张短表的结论") for n in (3, 2, 4)]
    snapshot = replace(usual, sections=(*usual.sections, *short))
    before = snapshot.id
    made = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN, template)))
    own = Presentation(io.BytesIO(template))
    assert (made.slide_width, made.slide_height) == (own.slide_width, own.slide_height)
    assert snapshot.id == before  # the template is no part of what is frozen
    headings = {one.heading for one in usual.sections}
    held = [shape for one in made.slides for shape in one.placeholders]
    assert headings <= {one.text_frame.text for one in held if one.name == "副题"}
    for number, one in enumerate(made.slides, 1):
        assert one.slide_layout.name in LAYOUTS
        assert "示例页" not in one.shapes.title.text
        assert any(
            "快照：KZ-" in shape.text_frame.text
            for shape in one.placeholders
            if shape.has_text_frame
        )
        boxes = {}
        for shape in one.shapes:
            box = shape.left, shape.top, shape.left + shape.width, shape.top + shape.height
            assert box[0] >= -1 and box[1] >= -1, (number, shape.name, box)
            assert box[2] <= made.slide_width + 2 and box[3] <= made.slide_height + 2, (
                number,
                shape.name,
            )
            boxes[shape.name] = box
        drawn = [shape for shape in one.shapes if shape.has_table]
        ends = [shape.top + sum(row.height for row in shape.table.rows) for shape in drawn]
        for upper, lower in pairwise(sorted(zip((s.top for s in drawn), ends, strict=True))):
            assert upper[1] < lower[0], number  # no table lies on another
        stamp = boxes.pop("快照标识")
        for called, box in boxes.items():
            if called != "页码":
                assert _over(box, stamp) <= 9_144, (number, called)
        for called, box in boxes.items():
            if called != "标题" and one.slide_layout.name != "封面":
                assert _over(box, boxes["标题"]) <= 45_720, (number, called)


def _over(a, b) -> int:
    """How far two boxes overlap, in EMU; of the lesser side."""
    return min(min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1]))


def test_numbers_in_charts_and_tables_are_the_same_on_any_master():
    snapshot = district.make()

    def told(made: bytes) -> tuple[list, list]:
        charts, cells = [], set()
        for one in Presentation(io.BytesIO(made)).slides:
            for shape in one.shapes:
                if shape.has_chart:
                    charts += [list(series.values) for series in shape.chart.plots[0].series]
                if shape.has_table and one.slide_layout.name == "表格":
                    cells |= {cell.text for row in shape.table.rows for cell in row.cells}
        return charts, sorted(cells)

    assert told(deck.pptx_bytes(snapshot, WHEN, wide())) == told(deck.pptx_bytes(snapshot, WHEN))


def test_the_unit_s_theme_is_kept_and_bars_take_its_colours():
    made = deck.pptx_bytes(district.make(), WHEN, wide())
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        names = archive.namelist()
        themes = b"".join(archive.read(one) for one in names if "/theme/theme" in one)
        charts = [archive.read(one) for one in names if "/charts/chart" in one]
    assert b"B22222" in themes
    assert charts and all(b"schemeClr" in chart for chart in charts)


def test_the_report_says_what_is_used_and_what_stands_in():
    report = master.of_template(wide()).report
    assert "没有名为“封面”的版式，借用“标题幻灯片”的背景和标题" in report.instead
    assert "没有名为“图表”的版式，借用“仅标题”的背景和标题" in report.instead
    own = Presentation(io.BytesIO(master.sample()))
    chart = next(one for one in own.slide_layouts if one.name == "图表")
    holder = next(one for one in chart.placeholders if one.name == "说明")
    holder._element.getparent().remove(holder._element)
    report = master.of_template(saved(own)).report
    assert "版式“图表”，缺占位符说明，已补上" in report.instead
    assert "版式“封面”，占位符齐全" in report.found


def test_letters_that_are_hardly_read_on_their_ground_are_said():
    own = Presentation(io.BytesIO(master.sample()))
    assert not any("看不清" in one for one in master.of_template(saved(own)).report.instead)
    fill = own.slide_masters[0].background.fill
    fill.solid()
    fill.fore_color.rgb = RGBColor(0x10, 0x20, 0x60)
    (said,) = [one for one in master.of_template(saved(own)).report.instead if "看不清" in one]
    assert said.startswith("版式封面、要点、图表、表格、图形")


def test_the_card_stands_on_a_unit_s_master():
    made = Presentation(io.BytesIO(slide.pptx_bytes(district.make(), WHEN, standard())))
    (only,) = made.slides
    for shape in only.shapes:
        assert shape.left >= 0 and shape.left + shape.width <= made.slide_width
        assert shape.top + shape.height <= made.slide_height


def changed(content: bytes, **parts: bytes) -> bytes:
    """Return a package with parts replaced or added, by names with / as __."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as source,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in source.namelist():
            if name.replace("/", "__") not in parts:
                target.writestr(name, source.read(name))
        for name, data in parts.items():
            target.writestr(name.replace("__", "/"), data)
    return out.getvalue()


def linked() -> bytes:
    """A master whose picture is only linked to."""
    own = Presentation()
    own.slide_masters[0].part.relate_to(
        "file:///C:/logo.png", "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
        is_external=True,
    )  # fmt: skip
    return saved(own)


def upright() -> bytes:
    own = Presentation()
    own.slide_width, own.slide_height = own.slide_height, own.slide_width
    return saved(own)


def macros() -> bytes:
    with zipfile.ZipFile(io.BytesIO(standard())) as archive:
        types = archive.read("[Content_Types].xml")
    plain = b"application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
    return types.replace(plain, b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml")


BAD = {
    "宏.pptm": (standard, "带有宏"),
    "改名.pptx": (lambda: changed(standard(), **{"[Content_Types].xml": macros()}), "带有宏"),
    "项目.pptx": (lambda: changed(standard(), ppt__vbaProject__bin=b"x").replace(b"vbaProject__bin", b"vbaProject.bin.x"), "带有宏"),
    "旧版.ppt": (standard, "旧版"),
    "加密.pptx": (lambda: b"\xd0\xcf\x11\xe0" + b"x" * 600, "旧版或加密"),
    "别的.xlsx": (standard, "不是 pptx 或 docx"),
    "断.pptx": (lambda: standard()[:9000], "打不开"),
    "炸弹.pptx": (lambda: changed(standard(), ppt__media__big=b"\0" * (40 << 20)), "压缩炸弹"),
    "链接.pptx": (linked, "指向文件之外的链接"),
    "竖版.pptx": (upright, "请用横向"),
    "实体.pptx": (lambda: changed(standard(), **{"ppt__presProps.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "文档类型"),
    "表格.pptx": (lambda: changed(standard(), **{"[Content_Types].xml": b"<Types/>"}), "不是演示文稿"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_file_that_is_no_template_is_refused_with_its_name_and_the_reason(name, tmp_path):
    content, reason = BAD[name]
    with pytest.raises(ChunshuiError, match=reason) as refused:
        unit_templates.add(name, content(), tmp_path)
    assert str(refused.value).startswith(f"模板“{name}”")
    assert str(refused.value).endswith("。")
    assert unit_templates.listing(tmp_path) == []


def test_a_template_is_kept_by_its_hash_chosen_and_given_back(tmp_path):
    own = standard()
    one = unit_templates.add("区委办母版.pptx", own, tmp_path)
    assert unit_templates.chosen(tmp_path) == {"pptx": one.id}
    assert unit_templates.in_use(tmp_path) == {"pptx": own}
    again = unit_templates.add("另一个名字.pptx", own, tmp_path)
    assert again == one and len(unit_templates.listing(tmp_path)) == 1
    unit_templates.choose("pptx", None, tmp_path)
    assert unit_templates.in_use(tmp_path) == {}
    (tmp_path / "unit_templates" / f"{one.id}.pptx").write_bytes(b"changed")
    with pytest.raises(ChunshuiError, match="已被改动"):
        unit_templates.read(one.id, tmp_path)
