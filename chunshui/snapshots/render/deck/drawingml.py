"""Native, editable DrawingML written directly: polygons, lines, dots, tiles, groups, runs.

python-pptx's own freeform builder needs eleven seconds for a district; this needs a tenth.
Every function that makes a shape returns (xml, box) with box = left, top, right, bottom in EMU.
All ids are 0 until `slides.tidy` numbers the shapes of the finished slide.
"""

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.slide import Slide

from chunshui.drawing.theme import PAPER
from chunshui.snapshots.render.deck.colours import solid
from chunshui.snapshots.stamp import clean

EMU_INCH = 914400
EMU_POINT = 12700

Box = tuple[float, float, float, float]
Shape = tuple[str, Box]


def inches(value: float) -> int:
    """Return inches as EMU."""
    return round(value * EMU_INCH)


def inch_box(left: float, top: float, width: float, height: float) -> Box:
    """Return a box in EMU from a corner and a size in inches."""
    return inches(left), inches(top), inches(left + width), inches(top + height)


def attribute(words: str) -> str:
    """Return words as a quoted XML attribute."""
    return quoteattr(clean(words))


def run(
    words: str, *, size: float | None = None, bold: bool = False, colour: str | None = None
) -> str:
    """Return a text run marked as Chinese, in the theme's Chinese font."""
    attributes = 'lang="zh-CN" altLang="en-US"'
    attributes += f' sz="{round(size * 100)}"' if size else ""
    attributes += ' b="1"' if bold else ""
    fill = solid(colour) if colour else ""
    return (
        f'<a:r><a:rPr {attributes} dirty="0">{fill}<a:latin typeface="+mn-lt"/>'
        f'<a:ea typeface="+mn-ea"/></a:rPr><a:t>{escape(clean(words))}</a:t></a:r>'
    )


def paragraph(runs: str, *, align: str = "l", after: float = 0) -> str:
    """Return a paragraph of runs; `after` is the space below in points."""
    space = f'<a:spcAft><a:spcPts val="{round(after * 100)}"/></a:spcAft>' if after else ""
    return f'<a:p><a:pPr algn="{align}">{space}</a:pPr>{runs}</a:p>'


def polygon(
    name: str,
    description: str,
    rings: Iterable[np.ndarray],
    *,
    fill: str | None,
    line: str,
    line_points: float = 0.5,
    dash: str = "",
    alpha: int | None = None,
    closed: bool = True,
) -> Shape | None:
    """Return one editable shape from rings in EMU (holes included), None if nothing is left.

    With `closed` false the rings are lines and are not filled.
    """
    whole = [ring.astype(np.int64) for ring in rings if len(ring) >= (3 if closed else 2)]
    if not whole:
        return None
    points = np.concatenate(whole)
    left, top = points.min(0).tolist()
    width, height = np.ptp(points, axis=0).clip(min=1).tolist()
    moves = []
    for ring in whole:
        corners = [f'<a:pt x="{x}" y="{y}"/>' for x, y in (ring - [left, top]).tolist()]
        moves.append(f"<a:moveTo>{corners[0]}</a:moveTo>")
        moves += [f"<a:lnTo>{corner}</a:lnTo>" for corner in corners[1:]]
        moves.append("<a:close/>" if closed else "")
    ink = solid(fill, alpha) if fill and closed else "<a:noFill/>"
    path_fill = "" if closed else ' fill="none"'
    stroke = f'<a:prstDash val="{dash}"/>' if dash else ""
    xml = (
        f"<p:sp>{_head(name, description)}<p:spPr>{frame(left, top, width, height)}"
        f"<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/>"
        f'<a:rect l="0" t="0" r="r" b="b"/><a:pathLst><a:path w="{width}" h="{height}"{path_fill}>'
        f"{''.join(moves)}</a:path></a:pathLst></a:custGeom>{ink}"
        f'<a:ln w="{round(line_points * EMU_POINT)}">{solid(line)}'
        f"{stroke}<a:round/></a:ln></p:spPr></p:sp>"
    )
    return xml, (left, top, left + width, top + height)


def preset(
    name: str,
    description: str,
    box: Box,
    *,
    geometry: str = "rect",
    fill: str | None = None,
    alpha: int | None = None,
    line: str | None = None,
    paragraphs: str = "",
    inset: float = 0.0,
    anchor: str = "t",
) -> Shape:
    """Return a rectangle, ellipse or text box; `inset` is the inner margin in inches."""
    left, top, right, bottom = (round(v) for v in box)
    ink = solid(fill, alpha) if fill else "<a:noFill/>"
    edge = (
        f'<a:ln w="{EMU_POINT // 2}">{solid(line)}</a:ln>' if line else "<a:ln><a:noFill/></a:ln>"
    )
    margin = inches(inset)
    body = ""
    if paragraphs:
        body = (
            f'<p:txBody><a:bodyPr wrap="square" lIns="{margin}" tIns="{margin}" rIns="{margin}" '
            f'bIns="{margin}" rtlCol="0" anchor="{anchor}"><a:noAutofit/></a:bodyPr><a:lstStyle/>'
            f"{paragraphs}</p:txBody>"
        )
    is_box = bool(paragraphs) and not fill and not line
    xml = (
        f"<p:sp>{_head(name, description, text_box=is_box)}"
        f"<p:spPr>{frame(left, top, right - left, bottom - top)}"
        f'<a:prstGeom prst="{geometry}"><a:avLst></a:avLst></a:prstGeom>{ink}{edge}</p:spPr>'
        f"{body}</p:sp>"
    )
    return xml, (left, top, right, bottom)


def label(
    words: str,
    box: Box,
    *,
    size: float,
    bold: bool = False,
    colour: str = PAPER.ink,
) -> Shape:
    """Return a text box holding one line of words."""
    runs = run(words, size=size, bold=bold, colour=colour)
    return preset(words[:40] or "文字", "", box, paragraphs=paragraph(runs))


def group(slide: Slide, name: str, description: str, shapes: Iterable[Shape | None]) -> None:
    """Add shapes to a slide as one named group whose inner space is the slide's."""
    drawn = [shape for shape in shapes if shape is not None]
    if not drawn:
        return
    boxes = np.array([box for _, box in drawn], dtype=int)
    left, top = boxes[:, :2].min(0).tolist()
    width, height = (boxes[:, 2:].max(0) - [left, top]).clip(min=1).tolist()
    xml = (
        f'<p:grpSp {nsdecls("a", "p")}><p:nvGrpSpPr><p:cNvPr id="0" '
        f"name={attribute(name)} descr={attribute(description)}/><p:cNvGrpSpPr/><p:nvPr/>"
        f'</p:nvGrpSpPr><p:grpSpPr><a:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{width}" cy="{height}"/><a:chOff x="{left}" y="{top}"/>'
        f'<a:chExt cx="{width}" cy="{height}"/></a:xfrm></p:grpSpPr>'
        f"{''.join(xml for xml, _ in drawn)}</p:grpSp>"
    )
    slide.shapes._spTree.append(parse_xml(xml))


def frame(left: int, top: int, width: int, height: int) -> str:
    """Return where a shape lies, in EMU."""
    return f'<a:xfrm><a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'


def _head(name: str, description: str, *, text_box: bool = False) -> str:
    box = ' txBox="1"' if text_box else ""
    descr = f" descr={attribute(description)}" if description else ""
    return (
        f'<p:nvSpPr><p:cNvPr id="0" name={attribute(name)}{descr}/><p:cNvSpPr{box}/>'
        f"<p:nvPr/></p:nvSpPr>"
    )
