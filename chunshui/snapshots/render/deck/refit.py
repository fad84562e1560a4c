"""Slides drawn for the standard page, moved into the room that a unit's master leaves.

Drawn shapes (maps, tiles) shrink as one, letters with them; words in placeholders take the largest size at
which they stay inside.
"""

from pptx.enum.shapes import PP_PLACEHOLDER as _TYPE
from pptx.oxml.ns import qn
from pptx.shapes.graphfrm import GraphicFrame
from pptx.slide import Slide

from chunshui.snapshots.render.deck import layouts, slides
from chunshui.snapshots.render.deck.drawingml import EMU_INCH, inches
from chunshui.snapshots.render.deck.layouts import Box
from chunshui.snapshots.render.deck.master import (
    COMMENT,
    DRAWN,
    NATURE,
    NUMBER,
    STAMP,
    Master,
    holders,
    shrunk,
)
from chunshui.snapshots.render.table_layout import lines

_LEADING = 1.22
_LEAST = {STAMP: 7, NATURE: 8, NUMBER: 9, COMMENT: 10}
_TITLE, _COVER_TITLE = 28.0, 54.0


def refit(deck: slides.Deck, master: Master) -> None:
    """Move what was drawn on every slide into its layout's room, and fit its words."""
    for slide in deck.presentation.slides:
        if slide.slide_layout.name != layouts.COVER and slide.slide_id not in deck.laid:
            _move(slide, master.content[slide.slide_layout.name])
            _shrink_charts(slide, master.content[layouts.CHART])
        for holder in slide.placeholders:
            if holder.name != layouts.POINTS and holder.has_text_frame and holder.text_frame.text:
                _fit(slide, holder)


def _move(slide: Slide, box: Box) -> None:
    left, top, width, _ = box
    scale = shrunk(box)
    aside = (width - DRAWN[2] * scale) / 2
    x, y = inches(left + aside) - inches(DRAWN[0]) * scale, inches(top) - inches(DRAWN[1]) * scale
    for element in slide.shapes._spTree:
        if element.find(".//" + qn("p:ph")) is not None or element.tag in (
            qn("p:nvGrpSpPr"), qn("p:grpSpPr"),
        ):  # fmt: skip
            continue
        for one in element.iter(qn("a:off"), qn("a:chOff")):
            one.set("x", str(round(int(one.get("x")) * scale + x)))
            one.set("y", str(round(int(one.get("y")) * scale + y)))
        for one in element.iter(qn("a:ext"), qn("a:chExt")):
            if one.get("cx") is not None:
                one.set("cx", str(round(int(one.get("cx")) * scale)))
                one.set("cy", str(round(int(one.get("cy")) * scale)))
        for name, tags in (("w", (qn("a:gridCol"),)), ("h", (qn("a:tr"),))):
            for one in element.iter(*tags):
                one.set(name, str(round(int(one.get(name)) * scale)))
        for one in element.iter(qn("a:rPr"), qn("a:endParaRPr"), qn("a:defRPr")):
            if one.get("sz"):
                one.set("sz", str(max(round(int(one.get("sz")) * scale / 50) * 50, 700)))
        for one in element.iter(qn("a:bodyPr"), qn("a:tcPr")):
            for margin in ("lIns", "tIns", "rIns", "bIns", "marL", "marR", "marT", "marB"):
                if one.get(margin):
                    one.set(margin, str(round(int(one.get(margin)) * scale)))


def _shrink_charts(slide: Slide, box: Box) -> None:
    """Let the letters of charts shrink with their width: what stands under a column has its width."""
    share = min(box[2] / DRAWN[2], 1.0)
    for shape in slide.shapes:
        if isinstance(shape, GraphicFrame) and shape.has_chart and share < 0.97:
            for one in shape.chart._chartSpace.iter(qn("a:defRPr"), qn("a:rPr")):
                if one.get("sz"):
                    one.set("sz", str(max(round(int(one.get("sz")) * share / 50) * 50, 800)))


def _fit(slide: Slide, holder) -> None:
    """Write a placeholder's words in the largest size, up to what they have, that stays inside it."""
    kinds = (_TYPE.TITLE, _TYPE.CENTER_TITLE)
    is_title = holder.placeholder_format.type in kinds
    if holder.width is None:
        return
    own = [int(one.get("sz")) / 100 for one in holder._element.iter(qn("a:rPr")) if one.get("sz")]
    size = max(own) if own else _inherited(slide, holder)
    if is_title:  # a finding is a sentence: no larger than ours, nor than the unit's own
        most = _COVER_TITLE if slide.slide_layout.name == layouts.COVER else _TITLE
        size = min(_inherited(slide, holder), most)
    least = _LEAST.get(holder.name, 14 if is_title else 12)
    frame = _insets(slide, holder)
    width = (holder.width / EMU_INCH - frame[0]) * 72
    height = (holder.height / EMU_INCH - frame[1]) * 72
    said = [p.text for p in holder.text_frame.paragraphs]
    spaces = sum(int(one.get("val")) / 100 for one in holder._element.iter(qn("a:spcPts")))
    width *= 0.9 if is_title else 1  # its letters may be bold

    def fits(size: float) -> bool:
        rows = sum(lines(words, width / size) for words in said)
        return rows * size * _LEADING + spaces <= height

    while size > least and not fits(size):
        size -= 1
    for one in holder._element.iter(qn("a:rPr")):
        one.set("sz", str(round(size * 100)))


def _insets(slide: Slide, holder) -> tuple[float, float]:
    """The inner margins of a placeholder in inches, left and right together, top and bottom."""
    sheets = (slide.slide_layout, slide.slide_layout.slide_master)
    bodies = [holder._element.find(".//" + qn("a:bodyPr"))]
    for sheet in sheets:
        for one in holders(sheet):
            if one.placeholder_format.idx == holder.placeholder_format.idx or (
                one.placeholder_format.type == holder.placeholder_format.type
            ):
                bodies.append(one._element.find(".//" + qn("a:bodyPr")))

    def value(name: str, usual: int) -> int:
        return int(next((b.get(name) for b in bodies if b is not None and b.get(name)), usual))

    across = value("lIns", 91440) + value("rIns", 91440)
    down = value("tIns", 45720) + value("bIns", 45720)
    return across / EMU_INCH, down / EMU_INCH


def _inherited(slide: Slide, holder) -> float:
    """The size of letters that a placeholder takes from its layout or master, in points."""
    kinds = (_TYPE.TITLE, _TYPE.CENTER_TITLE)
    is_title = holder.placeholder_format.type in kinds
    master = slide.slide_layout.slide_master
    for sheet in (slide.slide_layout, master):
        for one in holders(sheet):
            same = one.placeholder_format.idx == holder.placeholder_format.idx
            if same or (is_title and one.placeholder_format.type in kinds):
                level = one._element.find(
                    f".//{qn('a:lstStyle')}/{qn('a:lvl1pPr')}/{qn('a:defRPr')}"
                )
                if level is not None and level.get("sz"):
                    return int(level.get("sz")) / 100
    styles = master._element.find(qn("p:txStyles"))
    name = "p:titleStyle" if is_title else "p:bodyStyle"
    level = None
    if styles is not None and styles.find(qn(name)) is not None:
        level = styles.find(qn(name)).find(f"{qn('a:lvl1pPr')}/{qn('a:defRPr')}")
    return int(level.get("sz")) / 100 if level is not None and level.get("sz") else 18.0
