"""The empty deck: 16:9, Chinese theme fonts, our colours, five layouts with real placeholders.

Nothing is smaller than `SMALL` but the stamp: the back row sits six metres away.
"""

from dataclasses import dataclass

from lxml import etree
from pptx import Presentation
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import XmlPart
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn

from chunshui.snapshots.render.deck.colours import THEME
from chunshui.snapshots.render.deck.drawingml import frame, inches

WIDTH, HEIGHT = 12_192_000, 6_858_000  # EMU, as PowerPoint's own 16:9
SMALL, STAMP = 14, 10  # points
LATIN, CHINESE = "Microsoft YaHei", "微软雅黑"

Box = tuple[float, float, float, float]  # left, top, width, height in inches

# Placeholder numbers, the same on every layout.
HEADING, NATURE, CONTENT, COMMENT = 13, 12, 14, 15

COVER, POINTS, CHART, TABLE, FREE = "封面", "要点", "图表", "表格", "图形"


@dataclass(frozen=True)
class _Holder:
    """A placeholder of a layout: its kind, number, place in inches, and paragraph style."""

    kind: str
    number: int | None
    name: str
    box: Box
    style: str = ""
    anchor: str = "t"
    line: str = ""


def _style(size: float, *, colour: str = "tx1", bold: bool = False, align: str = "l") -> str:
    darker = '<a:lumMod val="75000"/>' if colour == "accent4" else ""
    return (
        f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef>'
        f'<a:buNone/><a:defRPr sz="{round(size * 100)}" b="{int(bold)}">'
        f'<a:solidFill><a:schemeClr val="{colour}">{darker}</a:schemeClr></a:solidFill></a:defRPr>'
        "</a:lvl1pPr>"
    )


# Where the content of a slide may stand, in inches, and the words below it.
BODY_BOX = (0.62, 1.58, 12.2, 4.68)
COVER_WIDTH = 11.4
COMMENT_BOX = (0.62, 6.3, 12.2, 0.54)
FOOT = 6.84  # inches from the top: nothing but the stamp below

# 1.25 points wide.
_RED_LINE = '<a:ln w="15875"><a:solidFill><a:schemeClr val="accent2"/></a:solidFill></a:ln>'
_TITLE = _Holder("title", None, "标题", (0.62, 0.26, 9.9, 0.86), anchor="ctr")
_HEADING = _Holder(
    "body", HEADING, "副题", (0.62, 1.16, 12.2, 0.34), _style(SMALL, colour="accent4")
)
_NATURE = _Holder(
    "body", NATURE, "数据性质", (10.66, 0.36, 2.16, 0.66),
    _style(SMALL, colour="accent2", bold=True, align="ctr"), "ctr", _RED_LINE,
)  # fmt: skip
_COMMENT = _Holder("body", COMMENT, "说明", COMMENT_BOX, _style(SMALL))
_STAMP = _Holder(
    "ftr", 11, "快照标识", (0.62, 6.93, 11.1, 0.44), _style(STAMP, colour="accent4"), "ctr"
)
_NUMBER = _Holder(
    "sldNum", 10, "页码", (11.9, 6.93, 0.92, 0.44),
    _style(SMALL, colour="accent4", align="r"), "ctr",
)  # fmt: skip
_COVER_TITLE = _Holder(
    "ctrTitle", None, "标题", (0.9, 1.9, COVER_WIDTH, 1.5), _style(38, bold=True), "b"
)  # fmt: skip
_COVER_LINES = _Holder("subTitle", 1, "副标题", (0.9, 3.62, 11.4, 2.6), _style(18))
_TOP = (_TITLE, _HEADING, _NATURE)

_LAYOUTS: dict[str, tuple[str, tuple[_Holder, ...]]] = {
    COVER: ("title", (_COVER_TITLE, _COVER_LINES, _NATURE)),
    POINTS: ("obj", (*_TOP, _Holder("body", 1, "要点", BODY_BOX))),
    CHART: ("chart", (*_TOP, _Holder("chart", CONTENT, "图表", BODY_BOX), _COMMENT)),
    TABLE: ("tbl", (*_TOP, _Holder("tbl", CONTENT, "表格", BODY_BOX), _COMMENT)),
    FREE: ("titleOnly", (*_TOP, _COMMENT)),
}


def empty_deck():
    """Return a new python-pptx presentation without slides, with the five layouts."""
    deck = Presentation()
    deck.slide_width, deck.slide_height = WIDTH, HEIGHT
    del deck.part._element.find(qn("p:sldSz")).attrib["type"]
    _drop_leftovers(deck)
    master = deck.slide_masters[0]
    for part in (master.part, deck.notes_master.part):
        _theme(part)
    list_notes_master(deck)
    _master(master)
    layouts = list(deck.slide_layouts)
    for unused in layouts[len(_LAYOUTS) :]:
        deck.slide_layouts.remove(unused)
    for slide_layout, (name, (kind, holders)) in zip(layouts, _LAYOUTS.items(), strict=False):
        _layout(slide_layout, name, kind, holders)
    return deck


def _theme(part) -> None:
    theme = next(rel.target_part for rel in part.rels.values() if rel.reltype == RT.THEME)
    # The library keeps one theme as bytes and makes the other, of the notes, as a tree.
    as_tree = isinstance(theme, XmlPart)
    root = theme._element if as_tree else etree.fromstring(theme.blob)
    root.set("name", "Chunshui")
    colours = root.find(".//" + qn("a:clrScheme"))
    colours.set("name", "Chunshui")
    for colour in colours:
        name = etree.QName(colour).localname
        del colour[:]
        etree.SubElement(colour, qn("a:srgbClr")).set("val", THEME[name][1:])
    for font in root.iter(qn("a:majorFont"), qn("a:minorFont")):
        font.find(qn("a:latin")).set("typeface", LATIN)
        font.find(qn("a:ea")).set("typeface", CHINESE)
        for script in font.findall(qn("a:font")):
            if script.get("script") == "Hans":
                script.set("typeface", CHINESE)
    if not as_tree:
        theme._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _master(master) -> None:
    element = master._element
    tree = element.find(qn("p:cSld")).find(qn("p:spTree"))
    etree.strip_elements(tree, qn("p:sp"))
    body = _Holder("body", 1, "正文", BODY_BOX)
    for number, holder in enumerate((_TITLE, body, _STAMP, _NUMBER), 2):
        tree.append(_holder(holder, number))
    # A short red bar before the title and a hairline above the stamp, on every slide.
    tree.append(_bar(20, "标题标记", (0.42, 0.42, 0.09, 0.58), "accent2"))
    tree.append(_bar(21, "页脚线", (0.62, 6.88, 12.2, 0.01), "accent4"))
    styles = element.find(qn("p:txStyles"))
    title = styles.find(qn("p:titleStyle")).find(qn("a:lvl1pPr"))
    title.set("algn", "l")
    title.find(qn("a:defRPr")).set("sz", "2600")
    title.find(qn("a:defRPr")).set("b", "1")
    sizes = (20, 18, 16, 14, 14, 14, 14, 14, 14)
    for level, size in zip(styles.find(qn("p:bodyStyle")), sizes, strict=False):
        level.find(qn("a:defRPr")).set("sz", str(size * 100))


def _layout(slide_layout, name: str, kind: str, holders: tuple[_Holder, ...]) -> None:
    element = slide_layout._element
    element.set("type", kind)
    sheet = element.find(qn("p:cSld"))
    sheet.set("name", name)
    tree = sheet.find(qn("p:spTree"))
    etree.strip_elements(tree, qn("p:sp"))
    for number, holder in enumerate((*holders, _STAMP, _NUMBER), 2):
        tree.append(_holder(holder, number))
    if kind == "title":
        element.set("showMasterSp", "0")
        tree.append(_bar(20, "封面标记", (0.42, 1.95, 0.12, 4.1), "accent2"))
        tree.append(_bar(21, "页脚线", (0.62, 6.88, 12.2, 0.01), "accent4"))


def _bar(number: int, name: str, box: tuple, colour: str):
    return parse_xml(
        f'<p:sp {nsdecls("a", "p")}><p:nvSpPr><p:cNvPr id="{number}" name="{name}"/><p:cNvSpPr/>'
        f'<p:nvPr userDrawn="1"/></p:nvSpPr><p:spPr>{frame(*map(inches, box))}'
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill><a:schemeClr val="{colour}"/>'
        f"</a:solidFill><a:ln><a:noFill/></a:ln></p:spPr></p:sp>"
    )


def _holder(holder: _Holder, number: int):
    index = "" if holder.number is None else f' idx="{holder.number}"'
    size = ' sz="quarter"' if holder.kind in ("ftr", "sldNum") or holder.number == NATURE else ""
    if holder.kind == "sldNum":
        words = '<a:fld id="{6E2B2B43-6A1F-4C5E-9C0B-6F0E4B5D7A10}" type="slidenum">'
        words += '<a:rPr lang="zh-CN"/><a:t>‹#›</a:t></a:fld>'
    else:
        words = f'<a:r><a:rPr lang="zh-CN"/><a:t>{holder.name}</a:t></a:r>'
    return parse_xml(
        f'<p:sp {nsdecls("a", "p")}><p:nvSpPr><p:cNvPr id="{number}" name="{holder.name}"/>'
        f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{holder.kind}"{size}'
        f"{index}/></p:nvPr></p:nvSpPr><p:spPr>{frame(*map(inches, holder.box))}"
        f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{holder.line}</p:spPr>'
        f'<p:txBody><a:bodyPr vert="horz" lIns="0" tIns="0" '
        f'rIns="0" bIns="0" rtlCol="0" anchor="{holder.anchor}"><a:normAutofit/></a:bodyPr>'
        f"<a:lstStyle>{holder.style}</a:lstStyle><a:p>{words}</a:p></p:txBody></p:sp>"
    )


def list_notes_master(deck) -> None:
    """Name the notes' master in the presentation, which the library only relates to it."""
    key = deck.part.relate_to(deck.notes_master.part, RT.NOTES_MASTER)
    listed = parse_xml(
        f'<p:notesMasterIdLst {nsdecls("p", "r")}><p:notesMasterId r:id="{key}"/>'
        "</p:notesMasterIdLst>"
    )
    deck.part._element.find(qn("p:sldMasterIdLst")).addnext(listed)


def _drop_leftovers(deck) -> None:
    """Remove what the library's own template brings: a picture of an empty slide, a printer."""
    package = deck.part.package
    for rels in (package._rels, deck.part.rels):
        for key, rel in list(rels.items()):
            if rel.reltype in (RT.THUMBNAIL, RT.PRINTER_SETTINGS):
                rels.pop(key)
