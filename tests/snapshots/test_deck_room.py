"""Whatever a deck is given, its words stay in their frames, above the footer, and large enough to be read."""

import io
import random
from dataclasses import replace

import pytest
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE_TYPE, PP_PLACEHOLDER
from pptx.oxml.ns import qn
from pptx.util import Emu

from chunshui.drawing.theme import PAPER
from chunshui.snapshots import model
from chunshui.snapshots.render import map_layout
from chunshui.snapshots.render.deck import deck
from tests.snapshots.district import make
from tests.snapshots.test_snapshot import WHEN

FEET = (PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
WORDS = "网格长空缺未达标的社区应于下次拉练前补齐，其中最低的是汉正街道12.5%、34,278万元；"


def _words(dice: random.Random, most: int) -> str:
    return "".join(dice.choice(WORDS) for _ in range(dice.randint(1, most)))


def _crowded(seed: int) -> model.Snapshot:
    """A snapshot with findings, comments, lists and figures of any number and length."""
    dice = random.Random(seed)
    base = make(streets=dice.choice((1, 2, 11)), each=dice.choice((4, 9, 16)), seed=seed)
    items = tuple(
        model.Item(
            "紧急" if k < 30 else "关注", _words(dice, 60), _words(dice, 200), "", f"类{k % 9}"
        )
        for k in range(dice.randint(1, 60))
    )
    columns = tuple(
        model.Column(_words(dice, 12), dice.choice(("text", "number")))
        for _ in range(dice.randint(1, 12))
    )
    rows = tuple(
        tuple(
            dice.randint(0, 10**8) if column.kind == "number" else _words(dice, 90)
            for column in columns
        )
        for _ in range(dice.randint(1, 40))
    )
    sections = [
        *base.sections,
        model.Attention("紧急的事项", "关注", items, len(items)),
        model.Table("一张表", "表", columns, rows, 90),
        replace(base.sections[0], figures=base.sections[0].figures * dice.randint(1, 7)),
    ]
    sections = [
        replace(
            one,
            title=f"{k}{_words(dice, 150)}",
            heading=" · ".join(_words(dice, 30) for _ in range(3)),
            comment=_words(dice, dice.choice((10, 130, 1000))) if dice.random() < 0.6 else "",
        )
        for k, one in enumerate(sections)
    ]
    return replace(base, sections=tuple(sections))


def _width(words: str) -> float:
    """Letter heights: one for a Chinese character, a little over half for others."""
    return sum(1.0 if ord(letter) > 0x2000 else 0.56 for letter in words)


def _size(run, shape) -> float:
    """The points of a run: its own, else what the layout or the master says."""
    if run.font.size is not None:
        return run.font.size.pt
    if shape.is_placeholder:
        layout = shape.part.slide_layout
        for held in layout.placeholders:
            if held.placeholder_format.idx == shape.placeholder_format.idx:
                own = held._element.findall(f".//{qn('a:defRPr')}")
                if own:
                    return int(own[0].get("sz")) / 100
    return 26 if shape.placeholder_format.type == PP_PLACEHOLDER.TITLE else 20


def _framed(shapes):
    for shape in shapes:
        if shape.shape_type == MSO_SHAPE_TYPE.GROUP:
            yield from _framed(shape.shapes)
        else:
            yield shape


def _needed(frame, shape) -> float:
    """How many points high the words of a frame stand."""
    inside = Emu(shape.width - frame.margin_left - frame.margin_right).pt
    inside -= 43 * (shape.is_placeholder and shape.placeholder_format.idx == 1)  # its bullets
    high = 0.0
    for paragraph in frame.paragraphs:
        sizes = [_size(run, shape) for run in paragraph.runs] or [14]
        wide = sum(
            _width(run.text) * size for run, size in zip(paragraph.runs, sizes, strict=False)
        )
        high += -(-wide // inside) * 1.2 * max(sizes)
    return high


@pytest.fixture(scope="module", params=(0, 3, 4))
def made(request):
    snapshot = _crowded(request.param)
    return snapshot, Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN)))


def test_words_stand_in_their_frames_above_the_footer(made):
    _, shown = made
    for number, slide in enumerate(shown.slides, 1):
        foot = min(s.top for s in slide.placeholders if s.placeholder_format.type in FEET)
        for shape in _framed(slide.shapes):
            if shape.is_placeholder and shape.placeholder_format.type in FEET:
                continue
            assert shape.top + shape.height <= foot, (number, shape.name)
            if shape.has_text_frame and shape.text_frame.text.strip():
                room = Emu(shape.height).pt - Emu(shape.text_frame.margin_top).pt * 2
                need = _needed(shape.text_frame, shape)
                assert need <= room + 2, (number, shape.name, shape.text_frame.text)
            elif getattr(shape, "has_table", False) and shape.has_table:
                high = 0.0
                for row in shape.table.rows:
                    needs = [
                        _needed(cell.text_frame, _Cell(cell, column.width))
                        for cell, column in zip(row.cells, shape.table.columns, strict=True)
                    ]
                    high += max(Emu(row.height).pt, max(needs) + 3.6)
                assert Emu(shape.top).pt + high <= Emu(foot).pt, (number, shape.name)


class _Cell:
    """A cell as a shape: its width, and no placeholder."""

    is_placeholder = False

    def __init__(self, cell, width):
        self.cell, self.width = cell, width


def test_nothing_is_too_small_for_the_back_row(made):
    _, shown = made
    for slide in shown.slides:
        feet = [s._element for s in slide.placeholders if s.placeholder_format.type in FEET]
        sized = slide.shapes._spTree.xpath(".//a:rPr[@sz]")
        small = [e for e in sized if int(e.get("sz")) < 1400]
        assert not [e for e in small if not any(foot in e.iterancestors() for foot in feet)]
        for frame in slide.shapes:
            if getattr(frame, "has_chart", False) and frame.has_chart:
                sizes = frame.chart._chartSpace.xpath(".//@sz")
                assert sizes and min(map(int, sizes)) >= 1400
    body = [
        int(size)
        for slide in shown.slides
        if slide.slide_layout.name == "要点"
        and not slide.placeholders[13].text.startswith("会议用语")
        for size in slide.placeholders[1]._element.xpath(".//a:rPr/@sz")
    ]
    # The same on every slide of text, but where slightly smaller letters save a half empty one.
    assert set(body) <= set(range(1500, 2001, 100)) and len(set(body)) <= 2
    for layout in shown.slide_layouts:
        for holder in layout.placeholders:
            own = [int(size) for size in holder._element.xpath(".//a:defRPr/@sz")]
            least = 1000 if holder.placeholder_format.type == PP_PLACEHOLDER.FOOTER else 1400
            assert all(size >= least for size in own), holder.name
    tiles = [
        s for slide in shown.slides for g in slide.shapes if g.name == "指标卡" for s in g.shapes
    ]
    assert tiles and all(
        max(int(size) for size in tile._element.xpath(".//@sz")) == 4400 for tile in tiles
    )


def test_all_that_is_urgent_and_all_that_was_written_is_said(made):
    snapshot, shown = made
    said = [
        cell.text
        for slide in shown.slides
        for shape in slide.shapes
        if getattr(shape, "has_table", False) and shape.has_table
        for row in shape.table.rows
        for cell in row.cells
    ]
    attention = snapshot.sections[-3]
    drawn = len(shown.slides) < deck.SLIDES - 3
    for item in attention.items:
        if item.severity == "紧急" and drawn:
            assert any(item.title[:20] in words for words in said), item
    words = "".join(
        s.text_frame.text for slide in shown.slides for s in slide.shapes if s.has_text_frame
    )
    if drawn:
        for section in snapshot.sections:
            assert " ".join(section.comment.split()) in words, section.comment


def test_the_footer_is_read_after_what_it_is_the_footer_of(made):
    _, shown = made
    for slide in shown.slides:
        last = [e for e in slide.shapes._spTree if e.tag != qn("p:extLst")][-2:]
        kinds = [e.xpath(".//p:ph/@type")[0] for e in last]
        assert sorted(kinds) == ["ftr", "sldNum"]


def test_the_package_is_as_powerpoint_would_have_it(made):
    _, shown = made
    assert (shown.slide_width, shown.slide_height) == (12_192_000, 6_858_000)
    part = shown.part._element.find(qn("p:notesMasterIdLst"))
    assert part is not None and len(part) == 1
    facts = shown.part.package.part_related_by(
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/extended-properties"
    ).blob.decode()
    count = len(shown.slides)
    assert f"<Slides>{count}</Slides>" in facts and f"<Notes>{count}</Notes>" in facts


def test_colours_are_the_themes_but_those_that_mean_something(made):
    _, shown = made
    meant = {colour[1:] for _, colour in PAPER.badges} | {PAPER.missing[1:]}
    meant |= {colour[1:] for colour in (*PAPER.moves, *PAPER.drifts)}
    found = set()
    for slide in shown.slides:
        found |= set(slide.shapes._spTree.xpath(".//a:srgbClr/@val"))
        for frame in slide.shapes:
            if getattr(frame, "has_chart", False) and frame.has_chart:
                found |= set(frame.chart._chartSpace.xpath(".//a:srgbClr/@val"))
    assert found <= meant


def test_names_of_series_hold_no_number_that_could_stay_behind(made):
    _, shown = made
    names = [
        series.name
        for slide in shown.slides
        for frame in slide.shapes
        if getattr(frame, "has_chart", False) and frame.has_chart
        for plot in frame.chart.plots
        for series in plot.series
    ]
    assert names and not [name for name in names if any(sign.isdigit() for sign in name)]


def test_every_place_is_named_on_its_map_and_no_name_lies_on_another():
    for seed, streets, each in ((1, 11, 16), (2, 1, 36), (3, 1, 81)):
        ground = make(streets, each, seed=seed).basemap
        level = "社区" if streets == 1 else "街道"
        box = (0.0, 0.0, 600.0, 332.0)
        to_paper = map_layout.fit(map_layout.in_scope(ground, level), *box)
        marks = [(x, y, x + 16, y + 16) for x, y in ((300, 166), (320, 180), (200, 120))]
        named = map_layout.label_places(ground, level, to_paper, 14, box, marks)
        shapes = ground.communities if streets == 1 else ground.streets
        assert {one.words for one in named} == {s.name.removesuffix("社区") for s in shapes}
        for k, one in enumerate(named):
            left, top, right, bottom = one.box
            assert box[0] <= left and box[1] <= top and right <= box[2] and bottom <= box[3]
            assert not [
                other
                for other in [*marks, *(before.box for before in named[:k])]
                if left < other[2] and other[0] < right and top < other[3] and other[1] < bottom
            ]  # fmt: skip


def test_ranks_that_may_be_are_bars_from_the_best_to_the_worst():
    spans = ((1, 4), (2, 5), (6, 6), (3, 5))
    rows = tuple((f"街道{n}", f"{low}–{high}") for n, (low, high) in enumerate(spans))
    columns = (model.Column("街道"), model.Column("名次区间"))
    table = model.Table("名次多有重叠", "名次区间", columns, rows, len(rows), spans=spans)
    snapshot = replace(make(seed=1), sections=(table,))
    slides = Presentation(io.BytesIO(deck.pptx_bytes(snapshot, WHEN))).slides
    charts = [shape.chart for slide in slides for shape in slide.shapes if shape.has_chart]
    (chart,) = charts
    before, between = (list(series.values) for series in chart.plots[0].series)
    read = [
        (round(low + 0.35), round(low + width - 0.35))
        for low, width in zip(before, between, strict=True)
    ]
    assert read[::-1] == list(spans)
    assert list(chart.plots[0].categories)[::-1][2] == "街道2　第6名"
    assert not any(
        shape.has_table
        for slide in slides
        for shape in slide.shapes
        if slide.shapes.title.text == table.title
    )  # the picture says it
