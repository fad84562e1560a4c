"""A unit's own master: its layouts and placeholders found by name, and what it lacks put in.

A layout that is called as ours (封面, 要点, 图表, 表格, 图形) is used as it is: its placeholders are found by
their names. For one that is missing, the unit's layout that comes nearest is copied with its background and
pictures, and placeholders of ours are put where its margins leave room. What was done is said in sentences.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import PP_PLACEHOLDER as _TYPE
from pptx.exc import PythonPptxError
from pptx.opc.constants import CONTENT_TYPE as CT
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.opc.package import Part, XmlPart
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.parts.slide import SlideLayoutPart
from pptx.presentation import Presentation as Pptx
from pptx.slide import SlideLayout

from chunshui.drawing.theme import contrast
from chunshui.errors import ChunshuiError
from chunshui.snapshots.render import office_package
from chunshui.snapshots.render.deck import layouts
from chunshui.snapshots.render.deck.drawingml import EMU_INCH, frame, inches
from chunshui.snapshots.render.deck.layouts import Box

TITLE, SUBTITLE, HEADING, NATURE, COMMENT = "标题", "副标题", "副题", "数据性质", "说明"
STAMP, NUMBER = "快照标识", "页码"
# What a layout holds beside the content, by the names of placeholders: kind, number.
_HOLDERS: dict[str, tuple[str, int]] = {
    SUBTITLE: ("subTitle", 1), HEADING: ("body", layouts.HEADING), NATURE: ("body", layouts.NATURE),
    COMMENT: ("body", layouts.COMMENT), STAMP: ("ftr", 11), NUMBER: ("sldNum", 10),
    layouts.POINTS: ("body", 1), layouts.CHART: ("chart", layouts.CONTENT),
    layouts.TABLE: ("tbl", layouts.CONTENT),
}  # fmt: skip
_EVERY = (HEADING, NATURE, STAMP, NUMBER)
NEEDED: dict[str, tuple[str, ...]] = {
    layouts.COVER: (TITLE, SUBTITLE, NATURE, STAMP, NUMBER),
    layouts.POINTS: (TITLE, layouts.POINTS, *_EVERY),
    layouts.CHART: (TITLE, layouts.CHART, COMMENT, *_EVERY),
    layouts.TABLE: (TITLE, layouts.TABLE, COMMENT, *_EVERY),
    layouts.FREE: (TITLE, COMMENT, *_EVERY),
}
# The layouts that come nearest, by the kind they say they are and by what programs call them.
_PLAIN = (("titleOnly", ("仅标题", "只有标题", "Title Only")),)
_WITH_BODY = (
    ("obj", ("标题和内容", "标题与内容", "Title and Content", "Title, Content", "内容", "正文")),
    ("tx", ("标题和文本", "Title and Text")),
)
_NEAREST = {
    layouts.COVER: (("title", ("标题幻灯片", "标题页", "首页", "Title Slide", "Title")),),
    layouts.POINTS: (*_WITH_BODY, *_PLAIN),
    layouts.CHART: (*_PLAIN, *_WITH_BODY),
    layouts.TABLE: (*_PLAIN, *_WITH_BODY),
    layouts.FREE: (*_PLAIN, *_WITH_BODY),
}
_SMALLEST = (0.55, 0.33)  # of the slide: room for content, across and down
_NARROW, _WIDE, _LEAST_WIDTH = 1.2, 2.4, 7.0
# Where shapes are drawn on the standard page, in inches: from below its heads to above its stamp.
DRAWN = (*layouts.BODY_BOX[:3], layouts.FOOT - layouts.BODY_BOX[1])
LINE_BELOW = 0.58  # the height of 说明 with the gap above it
_STANDARD = layouts.WIDTH / EMU_INCH
_COVERS, _MOST_PIXELS = 0.8, 40_000_000  # of the slide: what covers more is behind everything
_READ = 4.5  # the contrast at which letters are read
_LEFT = 0.6  # of a box that is cut
_BACKGROUND = 0.3  # of the slide: what covers more is a background and not in the way


@dataclass
class Report:
    """What of a template was found by name, and what was put in its place, in sentences."""

    found: list[str] = field(default_factory=list)
    instead: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Master:
    """An empty deck on a unit's master: the presentation, where content goes (inches), what was found."""

    presentation: Pptx
    content: dict[str, Box]
    below: float  # inches under a table for the words below it
    report: Report


def of_template(content: bytes) -> Master:
    """Return an empty deck on the master of a .pptx or .potx.

    Raises ChunshuiError, saying what to mend, for a file that is no template to be used.
    """
    safe = office_package.opened(content, "pptx")
    try:
        deck = Presentation(io.BytesIO(safe))
        _empty(deck)
        _refuse_outside(deck)
        return _made_ready(deck)
    except (PythonPptxError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as fault:
        raise ChunshuiError(
            "内部结构与 pptx 不符，读不出。请用 PowerPoint 或 WPS 打开，另存为普通 pptx（不是“严格”格式）再上传。"
        ) from fault


def shrunk(box: Box) -> float:
    """Return to what share shapes drawn for the standard page shrink to lie in a box and the line below it."""
    return min(box[2] / DRAWN[2], (box[3] + LINE_BELOW) / DRAWN[3])


def sample() -> bytes:
    """Return the standard master without slides, to be changed and uploaded."""
    out = io.BytesIO()
    layouts.empty_deck().save(out)
    return out.getvalue()


def _empty(deck: Pptx) -> None:
    """Take the slides out, with what refers to them."""
    root = deck.part._element
    ids = root.find(qn("p:sldIdLst"))
    for one in list(ids if ids is not None else ()):
        deck.part.drop_rel(one.get(qn("r:id")))
        ids.remove(one)
    etree.strip_elements(root, qn("p:custShowLst"), qn("p:custDataLst"))
    for extension in list(root.iter(qn("p:ext"))):
        if any(etree.QName(one).localname == "sectionLst" for one in extension):
            extension.getparent().remove(extension)
    kept = {
        RT.SLIDE_MASTER,
        RT.NOTES_MASTER,
        RT.THEME,
        RT.PRES_PROPS,
        RT.VIEW_PROPS,
        RT.TABLE_STYLES,
    }
    used = {
        value for one in root.iter() for name, value in one.attrib.items() if name.startswith("{")
    }
    for key, rel in list(deck.part.rels.items()):
        if rel.reltype not in kept and key not in used:
            deck.part.rels.pop(key)


def _refuse_outside(deck: Pptx) -> None:
    names = {}
    for master in deck.slide_masters:
        names[master.part.partname[1:]] = "母版"
        for one in master.slide_layouts:
            names[one.part.partname[1:]] = f"版式“{one.name}”"
    out = io.BytesIO()
    deck.save(out)
    office_package.refuse_outside(out.getvalue(), lambda part: names.get(part, "模板"))


def _made_ready(deck: Pptx) -> Master:
    width, height = deck.slide_width / EMU_INCH, deck.slide_height / EMU_INCH  # type: ignore[operator] # always there
    if not (_NARROW <= width / height <= _WIDE and width >= _LEAST_WIDTH):
        raise ChunshuiError(
            f"幻灯片是{width:.1f}×{height:.1f}英寸，不能用作模板。请用横向的16:9、16:10或4:3，宽不少于{_LEAST_WIDTH:g}英寸。"
        )
    if not any(list(master.slide_layouts) for master in deck.slide_masters):
        raise ChunshuiError("模板里没有版式。请在“视图—幻灯片母版”里至少留一个版式。")
    report = Report()
    content: dict[str, Box] = {}
    known = [one for master in deck.slide_masters for one in master.slide_layouts]
    for name, needed in NEEDED.items():
        own = next((one for one in known if one.name.strip() == name), None)
        if own is None:
            near, how = _nearest(known, name, (width, height))
            own = _copied(deck, near, name)
            report.instead.append(f"没有名为“{name}”的版式，{how}")
            missing = _replace_holders(own, name, needed)
        else:
            missing = _named_holders(own, needed)
            lacking = f"，缺占位符{'、'.join(missing)}，已补上" if missing else "，占位符齐全"
            (report.instead if missing else report.found).append(f"版式“{name}”{lacking}")
        content[name] = _put_in(own, name, missing, (width, height))
    if HEADING not in missing:  # 图形 is a page of the unit's own: drawn where 图表 has its chart
        content[layouts.FREE] = content[layouts.CHART]
    if (share := shrunk(content[layouts.FREE])) < 0.97:
        report.instead.append(f"内容的地方比标准母版小，地图和指标卡连同文字缩到{share:.0%}")
    _warn_of_dark_ground(deck, report, width * height)
    _fonts(deck, report)
    if deck.part._element.find(qn("p:notesMasterIdLst")) is None:
        layouts.list_notes_master(deck)
    _say_made_by(deck)
    for name, box in content.items():
        if name != layouts.COVER and (
            box[2] < _SMALLEST[0] * width or box[3] < _SMALLEST[1] * height
        ):
            raise ChunshuiError(
                f"版式“{name}”留给内容的地方只有{max(box[2], 0):.1f}×{max(box[3], 0):.1f}英寸，放不下图表。请在母版里缩小标题或"
                f"图案，至少留出{_SMALLEST[0] * width:.1f}×{_SMALLEST[1] * height:.1f}英寸。"
            )
    below = (_below(deck, name, content[name]) for name in (layouts.TABLE, layouts.FREE))
    return Master(deck, content, min(below), report)


def _below(deck: Pptx, name: str, table: Box) -> float:
    """How much taller a table on a layout may be where no words stand below it."""
    known = [one for master in deck.slide_masters for one in master.slide_layouts]
    own = next(one for one in known if one.name == name)
    words = next((_box(one) for one in holders(own) if one.name == COMMENT), None)
    end = table[1] + table[3]
    return max(words[1] + words[3] - end, 0.0) if words and words[1] >= end - 0.1 else 0.0


def _nearest(
    known: Sequence[SlideLayout], name: str, size: tuple[float, float]
) -> tuple[SlideLayout, str]:
    """Return the layout that comes nearest to one of ours, and what was taken, in words.

    Of several masters' layouts of one kind, the one with the most room; the first master's cover.
    """
    near: list[SlideLayout] = []
    for kind, called in _NEAREST[name]:
        calls = [one.lower() for one in called]
        near = near or [
            one for one in known
            if one._element.get("type") == kind or one.name.strip().lower() in calls
        ]  # fmt: skip
    if not near:
        titled = [one for one in known if _title(one) is not None]
        near = [one for one in titled if len(holders(one)) <= 5] or titled or list(known)
    best = near[0]
    if name != layouts.COVER:
        best = max(near, key=lambda one: round(_room(one, name, size).size, 1))
    what = "背景和标题" if _title(best) is not None else "背景，标题占位符由系统补上"
    return best, f"借用“{best.name}”的{what}"


def holders(sheet: Any) -> list[Any]:
    """Return the placeholders of a layout or master."""
    return list(sheet.placeholders)  # an iterator, whatever its stub says


def _title(own: SlideLayout):
    kinds = (_TYPE.TITLE, _TYPE.CENTER_TITLE)
    return next((h for h in holders(own) if h.placeholder_format.type in kinds), None)


def _copied(deck: Pptx, source: SlideLayout, name: str) -> SlideLayout:
    """Return a copy of a layout under another name, with the pictures that it shows."""
    master, package = source.slide_master, deck.part.package
    place = package.next_partname("/ppt/slideLayouts/slideLayout%d.xml")
    part = SlideLayoutPart.load(place, CT.PML_SLIDE_LAYOUT, package, source.part.blob)
    new = {
        key: part.relate_to(rel.target_part, rel.reltype) for key, rel in source.part.rels.items()
    }
    for element in part._element.iter():
        for attribute, value in element.attrib.items():
            if attribute.startswith(f"{{{element.nsmap.get('r', '-')}}}") and value in new:
                element.set(attribute, new[value])
    part._element.find(qn("p:cSld")).set("name", name)
    for attribute in ("type", "preserve", "userDrawn", "matchingName"):
        part._element.attrib.pop(attribute, None)
    part._element.set("preserve", "1")
    ids = [int(one.get("id")) for one in deck.part._element.iter(qn("p:sldMasterId"))]
    for one in deck.slide_masters:
        ids += [int(e.get("id")) for e in one._element.iter(qn("p:sldLayoutId"))]
    entry = etree.SubElement(master._element.find(qn("p:sldLayoutIdLst")), qn("p:sldLayoutId"))
    entry.set("id", str(max(ids) + 1))
    entry.set(qn("r:id"), master.part.relate_to(part, RT.SLIDE_LAYOUT))
    return part.slide_layout


def _named_holders(own: SlideLayout, needed: Iterable[str]) -> list[str]:
    """Number the placeholders of a layout that are called as ours; return the names that are missing."""
    missing, wanted = [], {}
    by_name = {holder.name.strip(): holder for holder in holders(own)}
    for name in needed:
        if name == TITLE:
            if _title(own) is None:
                missing.append(name)
        elif name in by_name:
            wanted[name] = by_name[name]._element
        else:
            missing.append(name)
    others = [h._element for h in holders(own) if h._element not in wanted.values()]
    for number, element in enumerate(others):
        if _ph(element).get("type") not in ("title", "ctrTitle"):
            _ph(element).set("idx", str(100 + number))
    for name, element in wanted.items():
        _number(element, name)
    return missing


def _replace_holders(own: SlideLayout, name: str, needed: Iterable[str]) -> list[str]:
    """Leave a copied layout its title, and on 封面 and 要点 its text; return what is still missing."""
    title = _title(own)
    kept = {} if title is None else {TITLE: title}
    texts = (_TYPE.SUBTITLE,) if name == layouts.COVER else (_TYPE.BODY, _TYPE.OBJECT)
    role = {layouts.COVER: SUBTITLE, layouts.POINTS: layouts.POINTS}.get(name)
    if role:
        for holder in holders(own):
            if holder.placeholder_format.type in texts and role not in kept:
                kept[role] = holder
    elements = {one._element: role for role, one in kept.items()}
    for holder in holders(own):
        if holder._element not in elements:
            holder._element.getparent().remove(holder._element)
    for element, said in elements.items():
        if said != TITLE:
            _number(element, said)
    return [one for one in needed if one not in kept]


def _ph(element):
    return element.find(".//" + qn("p:ph"))


def _number(element, name: str) -> None:
    """Make a placeholder the one that our slides fill under that name."""
    kind, number = _HOLDERS[name]
    if kind != "body" or _ph(element).get("type") not in (None, "obj"):
        _ph(element).set("type", kind)
    else:
        _ph(element).set("type", "body")
    _ph(element).set("idx", str(number))
    element.find(".//" + qn("p:cNvPr")).set("name", name)


@dataclass(frozen=True)
class _Room:
    """Where title, placeholders of ours and content go on a layout."""

    head: Box
    holders: dict[str, Box]
    inner: Box

    @property
    def size(self) -> float:
        return max(self.inner[2], 0) * max(self.inner[3], 0)


def _room(own: SlideLayout, name: str, size: tuple[float, float]) -> _Room:
    """Return the room on a layout below its title, or below its master's where that leaves too little."""
    unit = size[0] / _STANDARD
    usual: Box = (0.62 * unit, 0.3, size[0] - 1.24 * unit, 0.9)
    if name == layouts.COVER:
        usual = (0.9 * unit, 0.25 * size[1], size[0] - 1.8 * unit, 0.2 * size[1])
    title = _title(own)
    heads = [(title is not None and _box(title)) or usual]
    masters = [h for h in holders(own.slide_master) if h.placeholder_format.type == _TYPE.TITLE]
    heads += [box for one in masters if name != layouts.COVER and (box := _box(one))]
    rooms = [_room_below(own, name, size, head) for head in heads]
    first = rooms[0]
    enough = name == layouts.COVER or first.inner[3] >= _SMALLEST[1] * size[1]
    return first if enough else max(rooms, key=lambda room: room.size)


def _room_below(own: SlideLayout, name: str, size: tuple[float, float], head: Box) -> _Room:
    width, height = size
    unit = width / _STANDARD  # what is small on a small slide
    things = _in_the_way(own, size)
    head = _clear(head, [one for one in things if not _behind(one, head)])
    master = own.slide_master
    body = next((h for h in holders(master) if h.placeholder_format.type == _TYPE.BODY), None)
    body_box = _box(body) if body is not None else None
    left, right = 0.046 * width, 0.954 * width
    if body_box and body_box[2] > 0.5 * width:
        left, right = body_box[0], body_box[0] + body_box[2]
    feet = [
        box for h in holders(master)
        if h.placeholder_format.type in (_TYPE.FOOTER, _TYPE.SLIDE_NUMBER, _TYPE.DATE)
        and (box := _box(h)) and box[1] > 0.8 * height
    ]  # fmt: skip
    foot_height = 0.5 if width > 11 else 0.58
    foot = min([box[1] for box in feet] + [height - foot_height - 0.06])
    foot = min(foot, height - foot_height - 0.02)
    stamp = _clear((left, foot, right - left - 0.9 * unit, foot_height), things)
    number = _clear((right - 0.8 * unit, foot, 0.8 * unit, foot_height), things)
    top, bottom = head[1] + head[3] + 0.04, foot - 0.05
    if top > 0.45 * height:  # the title is no head of the page
        top = body_box[1] if body_box else 0.1 * height
        bottom = min(bottom, head[1] if head[1] > top else bottom)
    left, top, across, down = _clear((left, top, right - left, bottom - top), things)
    nature_width = 2.1 * max(unit, 0.85)
    boxes = {
        HEADING: (left, top, across - nature_width - 0.15, 0.43),
        NATURE: (left + across - nature_width, top, nature_width, 0.43),
        COMMENT: (left, top + down - 0.5, across, 0.5),
        STAMP: stamp,
        NUMBER: number,
    }
    inner = (left, top + 0.5, across, down - 0.5)
    if COMMENT in NEEDED[name]:
        inner = (*inner[:3], inner[3] - LINE_BELOW)
    if name == layouts.COVER:
        nature = _clear((right - nature_width, 0.3, nature_width, 0.42), things)
        under = head[1] + head[3] + 0.15
        lines: Box = (head[0], under, head[2], max(foot - 0.1 - under, 0.8))
        boxes |= {NATURE: nature, SUBTITLE: lines}
    return _Room(head, boxes, inner)


def _put_in(own: SlideLayout, name: str, missing: list[str], size: tuple[float, float]) -> Box:
    """Put the missing placeholders into a layout; return the box that its content may fill."""
    room = _room(own, name, size)
    title = _title(own)
    if title is None:
        _add(own, TITLE, "ctrTitle" if name == layouts.COVER else "title", None, room.head)
    elif _box(title) is None or (HEADING in missing and _box(title) != room.head):
        _place(title, room.head)
    title = _title(own)
    title.name = TITLE
    inner = room.inner
    for one in missing:
        if one != TITLE:
            kind, idx = _HOLDERS[one]
            _add(own, one, kind, idx, room.holders.get(one, inner), size[0] / _STANDARD)
    held = {h.name: h for h in holders(own)}
    if HEADING in missing and layouts.POINTS in held:  # the unit's text begins below our line
        x, y, across, down = _box(held[layouts.POINTS]) or inner
        below = min(y + down, inner[1] + inner[3])
        own_room = (x, max(y, inner[1]), across, below - max(y, inner[1]))
        fits = own_room[3] >= 0.7 * inner[3] and own_room[2] >= 0.7 * inner[2]
        _place(held[layouts.POINTS], own_room if fits else inner)
    for one in (layouts.CHART, layouts.TABLE, layouts.POINTS):
        if one in NEEDED[name] and one in held and (box := _box(held[one])):
            return box
    return inner


def _box(shape) -> Box | None:
    """Where a placeholder lies, that of the master where it has no place of its own."""
    values = (shape.left, shape.top, shape.width, shape.height)
    if any(value is None for value in values):
        return None
    left, top, width, height = (value / EMU_INCH for value in values)
    return left, top, width, height


def _place(shape, box: Box) -> None:
    """Give a placeholder a place of its own."""
    shape.left, shape.top, shape.width, shape.height = map(inches, box)


def _behind(thing: Box, box: Box) -> bool:
    """Whether a thing lies behind more than half of a box: a band that it is written on."""
    across = min(thing[0] + thing[2], box[0] + box[2]) - max(thing[0], box[0])
    down = min(thing[1] + thing[3], box[1] + box[3]) - max(thing[1], box[1])
    return min(across, down) > 0 and across * down > 0.5 * box[2] * box[3]


def _in_the_way(own: SlideLayout, size: tuple[float, float]) -> list[Box]:
    """The pictures and shapes of layout and master that content must not lie on."""
    shapes = list(own.shapes)
    if own._element.get("showMasterSp") != "0":
        shapes += list(own.slide_master.shapes)
    boxes = [box for shape in shapes if not shape.is_placeholder and (box := _box(shape))]
    most = _BACKGROUND * size[0] * size[1]
    # A thin line is a line, not an obstacle.
    return [box for box in boxes if 0.005 < box[2] * box[3] < most and min(box[2:]) > 0.06]


def _clear(box: Box, things: Iterable[Box]) -> Box:
    """Return what is left of a box when each thing in it is cut off with the least loss.

    The whole box where too little would be left: what lies everywhere is a pattern, to be written on.
    """
    whole = box
    for left, top, width, height in things:
        x, y, across, down = box
        over = (
            min(x + across, left + width) - max(x, left),
            min(y + down, top + height) - max(y, top),
        )
        if min(over) <= 0.02:
            continue
        cuts = [
            (left + width, y, x + across - left - width, down),
            (x, y, left - x, down),
            (x, top + height, across, y + down - top - height),
            (x, y, across, top - y),
        ]
        box = max(cuts, key=lambda cut: max(cut[2], 0) * max(cut[3], 0))
    return box if box[2] * box[3] > _LEFT * whole[2] * whole[3] else whole


def _add(
    own: SlideLayout, name: str, kind: str, idx: int | None, box: Box, unit: float = 1.0
) -> None:
    """Put a placeholder of ours into a layout, its letters in the unit's colour of text."""
    size, align, bold = {
        HEADING: (13, "l", False), NATURE: (12, "ctr", True), COMMENT: (13, "l", False),
        STAMP: (10, "l", False), NUMBER: (10, "r", False), SUBTITLE: (18, "l", False),
    }.get(name, (0, "l", False))  # fmt: skip
    style = ""
    if size:
        size = max(round(size * min(unit, 1)), 9 if name in (STAMP, NUMBER) else 11)
        style = (
            f'<a:lvl1pPr marL="0" indent="0" algn="{align}"><a:spcBef><a:spcPts val="0"/></a:spcBef><a:buNone/>'
            f'<a:defRPr sz="{size * 100}" b="{int(bold)}"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill>'
            f"</a:defRPr></a:lvl1pPr>"
        )
    number = "" if idx is None else f' idx="{idx}"'
    line = (
        '<a:ln w="12700"><a:solidFill><a:schemeClr val="tx1"/></a:solidFill></a:ln>'
        if name == NATURE
        else ""
    )
    words = f'<a:r><a:rPr lang="zh-CN"/><a:t>{name}</a:t></a:r>'
    if kind == "sldNum":
        words = '<a:fld id="{6E2B2B43-6A1F-4C5E-9C0B-6F0E4B5D7A10}" type="slidenum"><a:rPr lang="zh-CN"/><a:t>‹#›</a:t></a:fld>'
    anchor = "t" if name in (layouts.POINTS, SUBTITLE, COMMENT) else "ctr"
    tree = own._element.find(qn("p:cSld")).find(qn("p:spTree"))
    taken = [int(one.get("id") or 0) for one in own._element.iter(qn("p:cNvPr"))]
    tree.append(
        parse_xml(
            f'<p:sp {nsdecls("a", "p")}><p:nvSpPr><p:cNvPr id="{max(taken, default=1) + 1}" name="{name}"/>'
            f'<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr><p:ph type="{kind}"{number}/></p:nvPr></p:nvSpPr>'
            f'<p:spPr>{frame(*map(inches, box))}<a:prstGeom prst="rect"><a:avLst/></a:prstGeom>{line}</p:spPr>'
            f'<p:txBody><a:bodyPr vert="horz" lIns="0" tIns="0" rIns="0" bIns="0" rtlCol="0" anchor="{anchor}">'
            f"<a:normAutofit/></a:bodyPr><a:lstStyle>{style}</a:lstStyle><a:p>{words}</a:p></p:txBody></p:sp>"
        )
    )


def _say_made_by(deck: Pptx) -> None:
    """Give the package the part that says which program made it, where it has none."""
    package = deck.part.package
    if not any(rel.reltype == RT.EXTENDED_PROPERTIES for rel in package._rels.values()):
        standard = Presentation().part.package.part_related_by(RT.EXTENDED_PROPERTIES)
        place = PackURI("/docProps/app.xml")
        part = Part(place, standard.content_type, package, standard.blob)
        package.relate_to(part, RT.EXTENDED_PROPERTIES)


def _warn_of_dark_ground(deck: Pptx, report: Report, whole: float) -> None:
    """Say on which layouts of ours the theme's letters are hardly read on the ground they lie on."""
    unread = []
    for master in deck.slide_masters:
        theme = _theme_colours(master)
        named = master._element.find(qn("p:clrMap"))
        letters = None if named is None else theme.get(named.get("tx1"))
        for own in master.slide_layouts:
            ground = _ground(own, theme, whole) if own.name in NEEDED else None
            if ground and letters and contrast(f"#{letters}", f"#{ground}") < _READ:
                unread.append(own.name)
    if unread:
        report.instead.append(
            f"版式{'、'.join(unread)}的底色与主题文字颜色相近，字会看不清：请换浅色底，或在主题颜色里改文字颜色"
        )


def _theme_colours(master: Any) -> dict[str, str]:
    """The theme's colours by name, as six hex digits."""
    theme = next(r.target_part for r in master.part.rels.values() if r.reltype == RT.THEME)
    root = theme._element if isinstance(theme, XmlPart) else etree.fromstring(theme.blob)
    scheme = root.find(".//" + qn("a:clrScheme"))
    return {
        etree.QName(one).localname: one[0].get("lastClr") or one[0].get("val")
        for one in (() if scheme is None else scheme)
        if len(one)
    }


def _ground(own: SlideLayout, theme: dict[str, str], whole: float) -> str | None:
    """The colour behind a layout (`whole`: the slide in square inches), the mean of a gradient's or picture's."""
    for sheet in (own, own.slide_master):
        covering = [
            one._element for one in sheet.shapes
            if (box := _box(one)) and box[2] * box[3] > _COVERS * whole and not one.is_placeholder
        ]  # fmt: skip
        ground = sheet._element.find(f"{qn('p:cSld')}/{qn('p:bg')}/{qn('p:bgPr')}")
        for element in [*covering[::-1], *([] if ground is None else [ground])]:
            picture = element.find(".//" + qn("a:blip"))
            if picture is not None:
                return _mean(sheet.part.related_part(picture.get(qn("r:embed"))).blob)
            found = [one.get("val") for one in element.iter(qn("a:srgbClr"))]
            found += [
                colour for one in element.iter(qn("a:schemeClr"))
                if (colour := theme.get(one.get("val")))
            ]  # fmt: skip
            if found:
                parts = zip(*(bytes.fromhex(one) for one in found), strict=True)
                return bytes(sum(part) // len(found) for part in parts).hex()
    return None


def _mean(picture: bytes) -> str | None:
    """The mean colour of a picture; None for a drawing (EMF, SVG) or one that cannot be read."""
    try:
        with Image.open(io.BytesIO(picture)) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            pixel = opened.convert("RGB").resize((1, 1), Image.Resampling.BOX).getpixel((0, 0))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    assert isinstance(pixel, tuple)
    return bytes(int(part) for part in pixel).hex()


def _fonts(deck: Pptx, report: Report) -> None:
    """Give the theme a Chinese font where it has none: programs would each take another."""
    for master in deck.slide_masters:
        theme = next(r.target_part for r in master.part.rels.values() if r.reltype == RT.THEME)
        as_tree = isinstance(theme, XmlPart)
        root = theme._element if as_tree else etree.fromstring(theme.blob)
        filled = False
        for font in root.iter(qn("a:majorFont"), qn("a:minorFont")):
            asian = font.find(qn("a:ea"))
            scripts = {one.get("script"): one.get("typeface") for one in font.findall(qn("a:font"))}
            if asian is not None and not asian.get("typeface"):
                asian.set("typeface", scripts.get("Hans") or layouts.CHINESE)
                filled = not scripts.get("Hans")
        if filled:
            report.instead.append(f"主题没有指定中文字体，改用{layouts.CHINESE}")
        if not as_tree:
            theme._blob = etree.tostring(
                root, xml_declaration=True, encoding="UTF-8", standalone=True
            )
