"""The documents, opened again and held against the snapshot they were made from."""

import ctypes
import dataclasses
import hashlib
import io
import re
import socket
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import openpyxl
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from lxml import etree
from openxml_audit import OpenXmlValidator
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn

from chunshui import paths
from chunshui.errors import ChunshuiError
from chunshui.snapshots import model, stamp
from chunshui.snapshots.render import export, typeset
from chunshui.snapshots.render.brief import brief
from chunshui.snapshots.render.deck import deck
from chunshui.snapshots.render.deck.tables import TABLE_SLIDES
from chunshui.snapshots.render.pictures import drawings, pictures
from chunshui.snapshots.render.table_layout import printed
from chunshui.snapshots.render.workbook import workbook
from tests.snapshots.district import DEFINITIONS, make
from tests.snapshots.test_snapshot import WHEN

# openpyxl cannot keep the extensions that make data bars solid; it only reads here.
pytestmark = pytest.mark.filterwarnings("ignore:.*xtension is not supported")

NASTY = [
    '=HYPERLINK("http://x","点")',
    "<script>alert(1)</script>",
    '#panic("注入") $x^2$ *粗* _斜_ @preview',
    "&lt;a:t&gt; ]]> <a:t/> 'x' \"y\"",
    "../../etc/passwd",
    "+1+1",
    "@SUM(A1)",
    "长" * 300,
    "垞里\u0000埗头\u000b社区\ufffe",
]


@pytest.fixture(scope="module")
def snapshot():
    return make()


@pytest.fixture(scope="module")
def slides(snapshot):
    return Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))


@pytest.fixture(scope="module")
def sheets(snapshot):
    return openpyxl.load_workbook(io.BytesIO(workbook.xlsx_bytes(snapshot, WHEN)))


@pytest.fixture(scope="module")
def pages(snapshot):
    return pdf_text(brief.pdf_bytes(snapshot, WHEN))


def pdf_text(document: bytes) -> list[str]:
    opened = pypdfium2.PdfDocument(document)
    try:
        return [page.get_textpage().get_text_range() for page in opened]
    finally:
        opened.close()


def texts(shapes) -> list[str]:
    """Every word on a slide: placeholders, groups and tables."""
    found = []
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            found += texts(shape.shapes)
        elif shape.has_text_frame:
            found.append(shape.text_frame.text)
        elif getattr(shape, "has_table", False) and shape.has_table:
            found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def assert_valid(data: bytes, tmp_path, name: str) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    result = OpenXmlValidator().validate(file)
    assert not list(result.errors), [str(error) for error in result.errors][:5]


# -- deck --------------------------------------------------------------------------------------


def test_the_same_snapshot_gives_the_same_bytes(snapshot):
    for build in (deck.pptx_bytes, brief.pdf_bytes, workbook.xlsx_bytes):
        assert build(snapshot, WHEN) == build(make(), WHEN), build


def test_deck_and_workbook_hold_to_the_schema(snapshot, tmp_path):
    assert_valid(deck.pptx_bytes(snapshot, WHEN), tmp_path, "deck.pptx")
    assert_valid(workbook.xlsx_bytes(snapshot, WHEN), tmp_path, "book.xlsx")


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("ppt/slides/slide3.xml", b"<p:cNvGrpSpPr/>", b"<p:bogus/>"),
        ("ppt/charts/chart1.xml", b"<c:gapWidth val=", b"<c:gapWidth wide="),
        ("xl/worksheets/sheet2.xml", b"<sheetData>", b"<sheetRows/><sheetData>"),
    ],
)
def test_a_file_that_breaks_the_schema_is_found_out(snapshot, tmp_path, part, old, new):
    whole = (
        workbook.xlsx_bytes(snapshot, WHEN)
        if part.startswith("xl")
        else deck.pptx_bytes(snapshot, WHEN)
    )
    file, broken = tmp_path / f"broken.{'xlsx' if part.startswith('xl') else 'pptx'}", 0
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(file, "w") as target:
        if "chart" in part:  # the first of the deck's charts, whatever its number
            part = "ppt/charts/" + _first_chart(source)
        for name in source.namelist():
            data = source.read(name)
            if name == part:
                broken = data.count(old)
                data = data.replace(old, new, 1)
            target.writestr(name, data)
    assert broken and list(OpenXmlValidator().validate(file).errors)


def test_every_slide_has_a_title_a_stamp_a_number_and_the_nature(slides, snapshot):
    assert len(slides.slides) >= len(snapshot.sections) + 3
    for slide in slides.slides:
        kinds = {holder.placeholder_format.type for holder in slide.placeholders}
        assert kinds & {PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE}
        assert {PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER} <= kinds
        assert slide.shapes.title.text_frame.text.strip()
        said = "\n".join(texts(slide.shapes))
        for words in (snapshot.id, "v000003", "2026年10月", snapshot.scope, "网格台账",
                      "2026-11-01 09:30", "演示数据"):  # fmt: skip
            assert words in said
        assert slide.has_notes_slide and snapshot.id in slide.notes_slide.notes_text_frame.text


def test_titles_state_the_finding(slides, snapshot):
    titles = [slide.shapes.title.text_frame.text for slide in slides.slides]
    for section in snapshot.sections:
        assert any(title.startswith(section.title[:20]) for title in titles)


def test_notes_hold_definition_and_caveat(slides):
    notes = [s.notes_slide.notes_text_frame.text for s in slides.slides if _charts(s)]
    definition = DEFINITIONS[0]
    assert any(
        definition.numerator in note and definition.caveat in note and definition.query in note
        for note in notes
    )


def test_shape_ids_are_unique_and_pictures_have_words(slides):
    for slide in slides.slides:
        ids = slide.shapes._spTree.xpath(".//p:cNvPr/@id")
        assert len(ids) == len(set(ids))
        for shape in slide.shapes:
            if shape.shape_type == MSO_SHAPE_TYPE.GROUP or _is_frame(shape):
                assert shape._element.xpath(".//p:cNvPr/@descr")[0], shape.name


def test_fonts_are_chinese_by_theme_and_by_run(snapshot):
    archive = zipfile.ZipFile(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))
    themes = [name for name in archive.namelist() if "/theme/theme" in name]
    assert themes
    for name in themes:
        root = etree.fromstring(archive.read(name))
        faces = [e.get("typeface") for e in root.iter(qn("a:ea"))]
        assert faces[:2] == ["微软雅黑", "微软雅黑"]
    slide = archive.read("ppt/slides/slide3.xml").decode()
    assert '<a:ea typeface="+mn-ea"/>' in slide and 'lang="zh-CN"' in slide
    chart = archive.read("ppt/charts/" + _first_chart(archive)).decode()
    assert '<a:ea typeface="+mn-ea"/>' in chart
    assert not [n for n in archive.namelist() if "thumbnail" in n or "printerSettings" in n]


def test_charts_are_native_and_their_workbook_is_the_same(slides, snapshot):
    charts = [chart for slide in slides.slides for chart in _charts(slide)]
    asked = [s for s in snapshot.sections if s.kind in ("ranking", "trend")]
    assert len(charts) == len(asked)
    for chart in charts:
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        rows = list(book.active.iter_rows(values_only=True))
        shown = [series for plot in chart.plots for series in plot.series]
        assert [series.name for series in shown] == list(rows[0][1:])
        for number, series in enumerate(shown, 1):
            assert list(series.values) == [row[number] for row in rows[1:]]


def test_charts_point_at_the_cells_that_hold_their_data(slides):
    for chart in [chart for slide in slides.slides for chart in _charts(slide)]:
        book = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
        for reference in chart._chartSpace.iter(qn("c:f")):
            sheet, cells = reference.text.replace("$", "").split("!")
            found = book[sheet.strip("'")][cells]
            found = found if isinstance(found, tuple) else ((found,),)
            points = reference.getparent().findall(f"*/{qn('c:pt')}")
            held = [c.value for row in found for c in row]
            assert len(held) >= len(points) > 0
            for point in points:
                value, text = held[int(point.get("idx"))], point.find(qn("c:v")).text
                if isinstance(value, int | float):
                    assert float(text) == value
                elif isinstance(value, str):
                    assert text == value


def test_chart_values_are_the_frozen_ones(slides, snapshot):
    ranking = snapshot.sections[2]
    chart = next(chart for slide in slides.slides for chart in _charts(slide))
    series = [series for plot in chart.plots for series in plot.series]
    assert list(series[0].values) == [figure.value for figure in ranking.figures]
    assert set(series[1].values) == {ranking.overall.value}
    assert [label.split("\n") for label in chart.plots[0].categories] == [
        [f"{rank}", f.place.name, f"{f.numerator}/{f.denominator}"]
        for rank, f in enumerate(ranking.figures, 1)
    ]


def test_numbers_at_the_ends_of_close_lines_do_not_overlap(tmp_path):
    snapshot = make()
    trend = next(one for one in snapshot.sections if isinstance(one, model.Trend))
    (one,) = trend.series
    lines = [
        dataclasses.replace(one, values=tuple(v and v + by for v in one.values), name=f"{by}区")
        for by in (0.2, 0, 0.1)
    ]
    trend = dataclasses.replace(trend, series=tuple(lines))
    data = deck.pptx_bytes(dataclasses.replace(snapshot, sections=(trend,)), WHEN)
    (chart,) = (one for slide in Presentation(io.BytesIO(data)).slides for one in _charts(slide))
    axis, ends = chart.value_axis, []
    for series in list(chart.plots[0].series)[: len(lines)]:
        moved = series._element.find(".//{*}dLbl/{*}layout//{*}y")
        up = 0 if moved is None else -float(moved.get("val")) / 0.76  # of the plot's height
        wide = axis.maximum_scale - axis.minimum_scale
        ends.append((series.values[-1] - axis.minimum_scale) / wide + up)
    assert min(np.diff(sorted(ends))) > 0.065
    assert_valid(data, tmp_path, "deck.pptx")
    assert np.argsort(ends).tolist() == [1, 2, 0]


def test_maps_are_named_shapes_in_layers(slides, snapshot):
    slide = next(s for s in slides.slides if any(g.name == "图层-社区" for g in s.shapes))
    layers = {shape.name: shape for shape in slide.shapes if _is_group(shape)}
    for name in ("图层-社区", "图层-街道边界", "图层-党群服务阵地", "图层-地名", "图层-河流",
                 "图层-铁路", "图例"):  # fmt: skip
        assert name in layers
    drawn = {shape.name for shape in layers["图层-社区"].shapes}
    assert drawn == {place.community for place in snapshot.communities.places}
    assert all(s.shape_type == MSO_SHAPE_TYPE.FREEFORM for s in layers["图层-社区"].shapes)
    words = [s._element.xpath(".//p:cNvPr/@descr")[0] for s in layers["图层-社区"].shapes]
    assert any(snapshot.sections[1].figures[0].shown in text for text in words)


def test_what_is_added_to_a_map_is_numbered_and_named_and_the_legend_says_of_what_it_is(snapshot):
    points = (model.Point("幸福食堂", "甲", 0, 0), model.Point("新增", "营前原粮店", 9, 9))
    of = {"subject": "走得到幸福食堂的老人（人）", "ramp": "moves"}
    section = dataclasses.replace(snapshot.sections[1], points=points, **of)
    drawn = drawings.map_drawing(section, DEFINITIONS[0], snapshot.basemap).svg()
    there, new, *legend = re.findall(r'<circle [^>]*fill="(\S+)"', drawn)
    assert there != new and legend == [there, new, new]
    told = "".join(re.findall(r">([^<]+)<", drawn))
    assert told.count("1营前原粮店") == 1 and of["subject"] in told
    alone = dataclasses.replace(section, points=points[1:])  # where no station answers
    assert re.search(
        rf'<circle [^>]*fill="{new}"',
        drawings.map_drawing(alone, DEFINITIONS[0], snapshot.basemap).svg(),
    )
    assert (
        "覆盖率"
        not in told.partition(of["subject"])[0]
        + drawings.describe_map(section, DEFINITIONS[0])[:30]
    )
    made = Presentation(io.BytesIO(deck.pptx_bytes(make(sections=(section,)), WHEN)))
    said = [text for slide in made.slides for text in texts(slide.shapes)]
    assert said.count("1") == 2 and {"营前原粮店", of["subject"]} <= {*said}


def test_a_list_as_wide_as_its_ledger_is_cut_by_columns_not_into_slivers():
    columns = (model.Column("项目"), model.Column("街道"), *(
        model.Column(f"第{k}项数额", "number", "万元") for k in range(18)))  # fmt: skip
    rows = tuple(
        (f"第{k}片老旧小区改造", "汉正街道", *(1000.5 + k if j else 7 for j in range(18)))
        for k in range(40)
    )
    section = model.Table("很宽的表", "很宽的表", columns, rows, 40)
    made = Presentation(io.BytesIO(deck.pptx_bytes(make(sections=(section,)), WHEN)))
    tables = [s.table for slide in made.slides for s in slide.shapes if _has_table(s)]
    shown = len(tables[0].columns)
    assert 6 <= shown < 20 and sum(len(one.rows) - 1 for one in tables) >= 24
    said = [text for slide in made.slides for text in texts(slide.shapes)]
    assert any(f"另有{20 - shown}列" in text and "工作簿" in text for text in said)
    head = tables[0].cell(0, 3).text_frame.text
    assert head in ("第1项数额（万元）", "第1项数额\v（万元）")


def test_numbers_of_a_column_have_the_same_decimals_and_figures_stand_at_the_right():
    columns = (
        model.Column("社区"),
        model.Column("现在", "number", "%"),
        model.Column("覆盖率"),
        model.Column("覆盖/总数"),
        model.Column("日期"),
    )
    rows = (
        ("甲", 28.9, "64.4%（21/26）", "1,139/1,768人", "2026-01-02"),
        ("乙", 96, "0%", None, "2026-01-02"),
    )
    table = printed(model.Table("表", "表", columns, rows, 2))
    assert [row[1] for row in table.rows] == ["28.9", "96.0"] and table.right == (1, 2, 3)


def test_tables_are_native_and_bounded():
    columns = (model.Column("名称"), model.Column("数", "number"))
    rows = tuple((f"第{k}行", k) for k in range(500))
    section = model.Table("很长的表", "很长的表", columns, rows, 12_345)
    made = Presentation(io.BytesIO(deck.pptx_bytes(make(sections=(section,)), WHEN)))
    tables = [s for slide in made.slides for s in slide.shapes if _has_table(s)]
    assert len(tables) == TABLE_SLIDES
    said = [text for slide in made.slides for text in texts(slide.shapes)]
    assert any("12,345条" in text and "工作簿" in text for text in said)


def test_too_many_sections_are_named_on_the_last_slide():
    snapshot = make()
    many = dataclasses.replace(snapshot, sections=snapshot.sections * 8)
    made = Presentation(io.BytesIO(deck.pptx_bytes(many, WHEN)))
    assert len(made.slides) <= deck.SLIDES + 1
    last = "\n".join(texts(made.slides[len(made.slides) - 1].shapes))
    assert "未列入" in last and "工作簿" in last


# -- brief -------------------------------------------------------------------------------------


def test_the_brief_is_tagged_archival_and_says_everything(snapshot, pages):
    document = brief.pdf_bytes(snapshot, WHEN)
    assert b"<pdfaid:part>2" in document and b"<pdfaid:conformance>A" in document
    assert b"<pdfuaid:part>1" in document
    for held in (b"/OutputIntents", b"/GTS_PDFA1", b"/StructTreeRoot", b"/MarkInfo", b"/Lang"):
        assert held in document
    assert 2 <= len(pages) <= brief.PAGES
    for number, page in enumerate(pages, 1):
        for words in (snapshot.id, "v000003", "演示数据（合成，非真实统计）",
                      f"第{number}页 / 共{len(pages)}页", "2026-11-01 09:30"):  # fmt: skip
            assert words in _squeezed(page) or _squeezed(words) in _squeezed(page), words
    whole = _squeezed("".join(pages))
    for section in snapshot.sections:
        assert _squeezed(section.title) in whole
    for figure in snapshot.sections[0].figures:
        assert _squeezed(figure.shown) in whole


def test_the_only_fonts_are_the_embedded_ones(snapshot):
    opened = pypdfium2.PdfDocument(brief.pdf_bytes(snapshot, WHEN))
    names = set()
    for page in opened:
        for item in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font = pdfium.FPDFTextObj_GetFont(item)
            assert pdfium.FPDFFont_GetIsEmbedded(font) == 1
            buffer = ctypes.create_string_buffer(200)
            pdfium.FPDFFont_GetBaseFontName(font, buffer, 200)
            names.add(re.sub(r"^[A-Z]{6}\+", "", buffer.value.decode()))
    opened.close()
    assert names and all(name.startswith("NotoSansSC") for name in names)


def test_a_long_brief_has_a_short_body_and_the_rest_in_its_annex():
    snapshot = make()
    sections = [
        dataclasses.replace(one, title=f"第{k}件：{one.title}")
        for k, one in enumerate(snapshot.sections * 4)
    ]
    many = dataclasses.replace(snapshot, sections=tuple(sections))
    found = [_squeezed(page) for page in pdf_text(brief.pdf_bytes(many, WHEN))]
    (begins,) = [k for k, page in enumerate(found) if "个部分见附件" in page][-1:]
    assert begins < brief.PAGES < len(found)
    # Whole but for the findings at the front, each section stands once, in the body or in the annex.
    drawn = "".join(found).partition("、要点")[2].partition("二、")[2]
    for section in sections:
        assert drawn.count(_squeezed(section.title)[:16]) == 1, section.title


@pytest.mark.parametrize("letter", ["𠮷", "😀"])
def test_a_missing_glyph_is_named_not_boxed(letter):
    snapshot = make(name=f"{letter}野社区")
    with pytest.raises(typeset.GlyphMissingError, match=f"U\\+{ord(letter):X}") as fault:
        brief.pdf_bytes(snapshot, WHEN)
    assert fault.value.letter == letter and f"{letter}野社区" in fault.value.where
    with pytest.raises(typeset.GlyphMissingError):
        pictures.png_bytes(snapshot, snapshot.sections[3], WHEN)
    # PowerPoint and Excel have the viewer's fonts: there the name is just written.
    assert letter.encode() in zipfile.ZipFile(io.BytesIO(deck.pptx_bytes(snapshot, WHEN))).read(
        "ppt/slides/slide4.xml"
    )


def test_rare_but_standard_characters_are_drawn():
    found = pdf_text(brief.pdf_bytes(make(title="垞里、埗头、堽城、䶮山片区"), WHEN))
    assert "垞里、埗头、堽城、䶮山片区" in "".join(found)


# -- workbook ----------------------------------------------------------------------------------


def test_the_workbook_has_its_sheets_charts_and_print_set_up(sheets, snapshot):
    assert sheets.sheetnames == [
        "封面", "指标", "街道", "社区", "分子分母", "走势", "缺网格长的网格", "公开数字对照", "关注事项",
        "名单", "口径",
    ]  # fmt: skip
    assert len(sheets["街道"]._charts) == 1 and len(sheets["走势"]._charts) == 2
    for sheet in sheets:
        said = " ".join(str(c.value) for row in sheet.iter_rows(max_row=12) for c in row if c.value)
        assert snapshot.id in said and "演示数据（合成，非真实统计）" in said, sheet.title
        assert (
            sheet.page_setup.fitToWidth in (None, 1)
            and sheet.sheet_properties.pageSetUpPr.fitToPage
        )
        assert "演示数据" in sheet.oddHeader.right.text and "&P" in sheet.oddFooter.right.text
        if sheet.title not in ("封面", "走势"):
            assert sheet.print_title_rows == "$6:$6" and sheet.freeze_panes


def test_the_workbook_has_the_frozen_numbers(sheets, snapshot):
    *rows, whole = sheets["社区"].iter_rows(min_row=7, values_only=True)
    assert len(rows) == len(snapshot.communities.places)
    share = [
        100 if snapshot.definition(c.metric).unit == "%" else 1
        for c in snapshot.communities.columns
    ]
    assert 100 in share
    for number, row in enumerate(rows):
        values = (c.values[number] for c in snapshot.communities.columns)
        wanted = tuple(value / own for value, own in zip(values, share, strict=True))
        assert row[2:] == pytest.approx(wanted, rel=1e-14)
    known = snapshot.overall_figures()
    wanted = tuple(
        known[c.metric].value / own
        for c, own in zip(snapshot.communities.columns, share, strict=True)
    )
    assert whole[0] == snapshot.scope and whole[2:] == pytest.approx(wanted, rel=1e-14)
    figures = {r[1]: r for r in sheets["指标"].iter_rows(min_row=7, values_only=True)}
    for figure in snapshot.sections[0].figures:
        definition = snapshot.definition(figure.metric)
        row = figures[definition.name]
        share = 100 if definition.unit == "%" else 1
        assert row[2] == pytest.approx(figure.value / share, rel=1e-14)
        assert row[5] == figure.numerator
    assert sheets["名单"].max_row == 6 + len(snapshot.members[0].rows)
    assert "12行" in sheets["名单"]["A5"].value


def test_a_month_without_a_value_is_a_gap_in_the_line():
    snapshot = make()
    trend = next(one for one in snapshot.sections if isinstance(one, model.Trend))
    (series,) = trend.series
    holed = dataclasses.replace(series, values=(series.values[0], None, *series.values[2:]))
    trend = dataclasses.replace(trend, series=(holed,))
    data = workbook.xlsx_bytes(dataclasses.replace(snapshot, sections=(trend,)), WHEN)
    sheet = openpyxl.load_workbook(io.BytesIO(data))["走势"]
    (chart,) = sheet._charts
    where = chart.series[0].val.numRef.f.rpartition("!")[2].replace("$", "")
    cells = [cell.value for (cell,) in sheet[where]]
    shares = [value / 100 for value in (holed.values[0], *holed.values[2:])]  # real percentages
    assert cells == [pytest.approx(shares[0]), None, *map(pytest.approx, shares[1:])]
    assert chart.display_blanks == "gap"


def test_only_the_check_is_a_formula_and_gives_the_frozen_value(sheets):
    checked = 0
    for sheet in sheets:
        heads = [cell.value for cell in sheet[6]]
        for cell in (c for row in sheet.iter_rows() for c in row if c.data_type == "f"):
            assert heads[cell.column - 1] == "核对"
            up, down = re.fullmatch(rf"=([F-I]){cell.row}/([F-I]){cell.row}", cell.value).groups()
            assert [heads[ord(one) - 65] for one in (up, down)] == ["分子", "分母"]
            value = sheet.cell(cell.row, heads.index("数值") + 1).value
            assert value == pytest.approx(
                sheet[f"{up}{cell.row}"].value / sheet[f"{down}{cell.row}"].value
            )
            checked += 1
    assert checked == 1 + (1 + 3) + (1 + 12)  # the ratio of the scope, its streets, its communities


def test_the_workbook_can_be_counted_on_with_tables_names_and_ranks(sheets, snapshot):
    for sheet in sheets:
        for table in sheet.tables.values():
            heads = [cell.value for cell in sheet[table.ref][0]]
            assert heads == [column.name for column in table.tableColumns]
    held = {sheet.title for sheet in sheets if sheet.tables}
    assert held >= {"指标", "街道", "社区", "分子分母", "名单", "关注事项", "口径"}
    where = sheets.defined_names["指标_网格长配备率"].attr_text.replace("'", "").replace("$", "")
    assert sheets["指标"][where.partition("!")[2]].value == pytest.approx(
        snapshot.sections[0].figures[0].value / 100
    )
    cover = sheets.defined_names["快照编号"].attr_text.replace("'", "").replace("$", "")
    assert sheets["封面"][cover.partition("!")[2]].value == snapshot.id
    column = snapshot.communities.columns[0]
    rows = [r for r in sheets["分子分母"].iter_rows(min_row=7) if r[0].value == "网格长配备率"]
    communities = [r for r in rows if r[1].value == "社区" and r[3].value != "—"]
    values = sorted((round(value, 1) for value in column.values), reverse=True)
    assert [r[4].value for r in communities] == [values.index(one) + 1 for one in values]
    assert [r[4].number_format for r in communities] == [
        '"并列"0' if values.count(one) > 1 else "0" for one in values
    ]
    assert len(set(values)) < len(values)  # some are level, or this tries nothing
    chart = sheets["街道"]._charts[0]
    drawn = [float(point.v) for point in chart.series[0].val.numRef.numCache.pt]
    assert chart.series[0].val.numRef.f == "分子分母!$F$8:$F$10" and drawn == sorted(drawn)[::-1]


def test_what_rests_on_too_little_or_is_not_judged_has_no_rank():
    definition = make().definition("leader_rate")
    column = model.MatrixColumn("leader_rate", (80, 90.04, None, 89.96, 100, 70), (None,) * 6, (None,) * 6,
                                ("未达标", "达标", "无数据", "未达标", "基数小", "未达标"))  # fmt: skip
    found = workbook._ranked(definition, column, ranks=True)
    assert [n for n, _ in found] == [1, 3, 0, 5, 4, 2]
    assert [rank and rank.value for _, rank in found] == [1, 1, 3, 4, None, None]
    down = dataclasses.replace(definition, direction="down")
    assert [n for n, rank in workbook._ranked(down, column, ranks=True) if rank] == [5, 0, 3, 1]
    none = dataclasses.replace(definition, direction="none")
    assert not any(rank for _, rank in workbook._ranked(none, column, ranks=True))


def test_links_lead_to_the_platform_where_its_address_is_known(snapshot, monkeypatch):
    def cells():
        book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_bytes(snapshot, WHEN)))
        return [row[4] for row in book["关注事项"].iter_rows(min_row=6)]

    with pytest.raises(IndexError):  # no column of paths that lead nowhere
        cells()
    monkeypatch.setenv("CHUNSHUI_ADDRESS", "http://10.0.0.8:8501/")
    head, first, second = cells()
    assert head.value == "平台页面" and second.value == "—" and second.hyperlink is None
    assert (first.value, first.hyperlink.target) == (
        "打开",
        "http://10.0.0.8:8501/opinions?metric=%E6%B0%91%20%E6%83%85",
    )
    monkeypatch.setenv("CHUNSHUI_ADDRESS", "javascript:alert(1)")
    with pytest.raises(ChunshuiError, match="CHUNSHUI_ADDRESS"):
        workbook.xlsx_bytes(snapshot, WHEN)


def test_what_is_long_is_not_printed_to_its_end():
    book = openpyxl.load_workbook(io.BytesIO(workbook.xlsx_bytes(make(members=1000), WHEN)))
    sheet = book["名单"]
    assert sheet.print_area == "'名单'!$A$1:$K$306" and sheet.max_row == 1006
    assert "打印只到前300行" in sheet["A5"].value
    assert book["分子分母"].print_area == f"'分子分母'!$A$1:$L${6 + 3 * (1 + 3)}"  # the streets


# -- what users may type -----------------------------------------------------------------------


@pytest.mark.parametrize("name", NASTY, ids=range(len(NASTY)))
def test_a_nasty_name_stays_text(name, tmp_path):
    snapshot = make(name=name, title=name)
    clean = stamp.clean(name)
    data = deck.pptx_bytes(snapshot, WHEN)
    assert_valid(data, tmp_path, "deck.pptx")
    said = [t for s in Presentation(io.BytesIO(data)).slides for t in texts(s.shapes)]
    assert any(clean[:20] in text for text in said)
    data = workbook.xlsx_bytes(snapshot, WHEN)
    assert_valid(data, tmp_path, "book.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(data))
    cell = book["社区"].cell(7, 2)
    assert cell.value == clean and cell.data_type == "s" and cell.hyperlink is None
    pages = pdf_text(brief.pdf_bytes(snapshot, WHEN))
    assert _squeezed(clean)[:20] in _squeezed("".join(pages))
    picture = pictures.svg_bytes(snapshot, snapshot.sections[1], WHEN)
    assert clean[:20] in "".join(etree.fromstring(picture).itertext())


# -- pictures ----------------------------------------------------------------------------------


def test_pictures_carry_title_stamp_and_nature(snapshot):
    drawn = [section for section in snapshot.sections if pictures.can_draw(section)]
    assert [section.kind for section in drawn] == ["map", "ranking", "ranking", "trend", "trend"]
    for section in drawn:
        data = pictures.svg_bytes(snapshot, section, WHEN)
        said = "".join(etree.fromstring(data).itertext())
        for words in (section.title, section.heading, snapshot.id, "演示数据", "2026年10月"):
            assert words in said
        png = pictures.png_bytes(snapshot, section, WHEN, pixels=800)
        assert png == pictures.png_bytes(make(), section, WHEN, pixels=800)
        picture = Image.open(io.BytesIO(png))
        assert abs(picture.width - 800) <= 1 and len(picture.getcolors(1 << 20)) > 20


def test_the_longest_words_make_names_that_a_folder_takes(tmp_path):
    snapshot = make(title="长" * 300)
    long = dataclasses.replace(snapshot.sections[1], heading="宽" * 300, title="高" * 300)
    many = dataclasses.replace(snapshot, sections=(long, *snapshot.sections))
    made = export.documents(many, WHEN, export.FORMATS)
    assert len(made.files) == 4 + 2 * 6 and not made.faults
    for name, data in made.files.items():
        (tmp_path / name).write_bytes(data)
    assert len(list(tmp_path.iterdir())) == len(made.files)


def test_a_missing_glyph_keeps_no_other_file_from_being_made():
    snapshot = make(name="𠮷野社区")
    made = export.documents(snapshot, WHEN, export.FORMATS)
    ending = [name.rpartition(".")[2] for name in made.files]
    # The brief and the one chart that writes the name; an SVG has the viewer's fonts.
    assert ending.count("png") == 4 and ending.count("svg") == 5
    assert {"pptx", "xlsx"} < set(ending) and "pdf" not in ending
    assert len(made.faults) == 2 and all("“𠮷”（U+20BB7）" in fault for fault in made.faults)


def test_what_is_no_picture_says_so(snapshot):
    with pytest.raises(ChunshuiError, match="不是地图或图表"):
        pictures.svg_bytes(snapshot, snapshot.sections[0], WHEN)


def test_places_without_value_and_empty_sections_are_drawn(snapshot):
    empty = tuple(
        dataclasses.replace(f, value=None, shown="—", band=None, status="无数据")
        for f in snapshot.sections[1].figures
    )
    nothing = dataclasses.replace(
        snapshot,
        sections=(
            dataclasses.replace(snapshot.sections[1], figures=empty, labels=("各处相同",)),
            dataclasses.replace(snapshot.sections[2], figures=empty[:3]),
            dataclasses.replace(snapshot.sections[2], figures=()),
            dataclasses.replace(
                snapshot.sections[4], months=(), series=(model.Series("全区", (), (), (), "—"),)
            ),
            model.Table("空表", "空表", (model.Column("名称"),), (), 0),
            model.Claims("没有公开数字", "公开数字", ()),
            model.Attention("没有需要关注的事项", "关注", (), 0),
            model.Figures("没有选择指标", "指标", ()),
        ),
        members=(),
    )
    for build in (deck.pptx_bytes, brief.pdf_bytes, workbook.xlsx_bytes):
        assert build(nothing, WHEN)
    assert "无数据" in drawings.describe_map(nothing.sections[0], DEFINITIONS[0])


def test_nothing_is_fetched_and_no_browser_is_started(snapshot, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("the network or a program was asked")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr("subprocess.Popen.__init__", refuse)
    for build in (deck.pptx_bytes, brief.pdf_bytes, workbook.xlsx_bytes):
        assert build(snapshot, WHEN)
    assert pictures.png_bytes(snapshot, snapshot.sections[1], WHEN)


def test_a_machine_without_fonts_programs_and_home_makes_the_same(snapshot, tmp_path):
    """In a room with nothing in it: no font, no font list, no program, no home, no locale."""
    (tmp_path / "fonts.conf").write_text("<fontconfig/>", "utf-8")
    script = (
        "import hashlib, sys; sys.path.insert(0, sys.argv[1]);"
        "from chunshui.snapshots.render import export;"
        "from tests.snapshots.district import make; from tests.snapshots.test_snapshot import WHEN;"
        "made = export.documents(make(), WHEN, export.FORMATS);"
        "print(*(hashlib.sha256(data).hexdigest() for data in made.files.values()))"
    )
    bare = {"FONTCONFIG_FILE": str(tmp_path / "fonts.conf"), "HOME": str(tmp_path / "nobody")}
    done = subprocess.run(
        [sys.executable, "-B", "-c", script, str(paths.ROOT)],
        env=bare | {"PATH": "", "LC_ALL": "C", "PYTHONUTF8": "0", "TZ": "Pacific/Auckland"},
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert not done.returncode, done.stderr
    here = export.documents(snapshot, WHEN, export.FORMATS)
    assert done.stdout.split() == [hashlib.sha256(one).hexdigest() for one in here.files.values()]


def test_several_users_at_once_get_the_same_files(snapshot):
    section = snapshot.sections[1]
    jobs = [
        lambda: deck.pptx_bytes(snapshot, WHEN),
        lambda: brief.pdf_bytes(snapshot, WHEN),
        lambda: workbook.xlsx_bytes(snapshot, WHEN),
        lambda: pictures.png_bytes(snapshot, section, WHEN, pixels=600),
    ]
    alone = [job() for job in jobs]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda k: jobs[k % 4](), range(8)))
    assert together == alone * 2


# -- helpers -----------------------------------------------------------------------------------


def _charts(slide) -> list:
    return [s.chart for s in slide.shapes if _is_frame(s) and s.has_chart]


def _is_frame(shape) -> bool:
    return shape._element.tag == qn("p:graphicFrame")


def _is_group(shape) -> bool:
    return shape.shape_type == MSO_SHAPE_TYPE.GROUP


def _has_table(shape) -> bool:
    return _is_frame(shape) and shape.has_table


def _first_chart(archive: zipfile.ZipFile) -> str:
    return next(n for n in archive.namelist() if "ppt/charts/chart" in n).rpartition("/")[2]


def _squeezed(words: str) -> str:
    return re.sub(r"\s+", "", words)
