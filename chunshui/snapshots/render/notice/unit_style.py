"""A unit's own .docx under the notice: its page, header, footer and styles by name, ours for what it lacks."""

import io
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path

from docx import Document
from docx.document import Document as Word
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from docx.opc.packuri import PackURI
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.parts.numbering import NumberingPart
from lxml import etree

from chunshui.errors import ChunshuiError
from chunshui.snapshots.render import office_package

PARTS = Path(__file__).parent / "parts"
# What the report names: our styles by the names that a unit's document may have them under.
_NAMED = {
    "Title": "标题", "heading 1": "标题 1", "heading 2": "标题 2", "Normal": "正文", "caption": "题注",
}  # fmt: skip
_KEPT = (
    "styles",
    "numbering",
    "settings",
    "fontTable",
    "theme",
    "header",
    "footer",
    "footnotes",
    "endnotes",
)
_REFERS = ("basedOn", "next", "link")
_LEAST_MM, _MOST_MM = 120, 260  # of the text across


@dataclass
class Base:
    """An empty document of a unit's: what our styles are called in it, which of its furniture stays."""

    word: Word
    ids: dict[str, str]
    has_header: bool
    has_footer: bool
    found: list[str] = field(default_factory=list)
    instead: list[str] = field(default_factory=list)

    def rename(self) -> None:
        """Call the styles of all paragraphs and tables as the unit's document does."""
        bodies = [self.word.element.body]
        for section in self.word.sections:
            bodies += [section.header._element, section.footer._element]
        for body in bodies:
            for one in body.iter(qn("w:pStyle"), qn("w:tblStyle")):
                one.set(qn("w:val"), self.ids.get(one.get(qn("w:val")), one.get(qn("w:val"))))


def of_template(content: bytes) -> Base:
    """Return an empty document on a .docx or .dotx; raise ChunshuiError, saying what to mend, for a bad one."""
    safe = office_package.opened(content, "docx")
    try:
        word = Document(io.BytesIO(safe))
        _empty(word)
        out = io.BytesIO()
        word.save(out)
        office_package.refuse_outside(out.getvalue(), _place)
        return _made_ready(word)
    except (OpcError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as fault:
        raise ChunshuiError(
            "内部结构与 docx 不符，读不出。请用 Word 或 WPS 打开，另存为普通 docx 再上传。"
        ) from fault


def sample() -> bytes:
    """Return an empty document with all styles of the notice, to be changed and uploaded."""
    word = Document()
    _empty(word)
    word.part._styles_part._element = parse_xml((PARTS / "styles.xml").read_bytes())
    word.part.numbering_part._element = parse_xml((PARTS / "numbering.xml").read_bytes())
    for style in word.styles.element.iter(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph":
            word.add_paragraph(
                style.find(qn("w:name")).get(qn("w:val"))
            ).paragraph_format.element.get_or_add_pPr()
            properties = word.paragraphs[-1]._p.get_or_add_pPr()
            named = properties.makeelement(
                qn("w:pStyle"), {qn("w:val"): style.get(qn("w:styleId"))}
            )
            properties.insert(0, named)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _place(part: str) -> str:
    name = part.rpartition("/")[2]
    return "页眉" if name.startswith("header") else "页脚" if name.startswith("footer") else "模板"


def _empty(word: Word) -> None:
    """Take out everything but the last section's page, header and footer."""
    body = word.element.body
    for element in list(body):
        if element.tag != qn("w:sectPr"):
            body.remove(element)
    section = body.sectPr
    used = (
        {value for one in section.iter() for key, value in one.attrib.items() if key == qn("r:id")}
        if section is not None
        else set()
    )
    for key, rel in list(word.part.rels.items()):
        kind = rel.reltype.rpartition("/")[2]
        if kind not in _KEPT or (kind in ("header", "footer") and key not in used):
            del word.part.rels[key]
    for name in ("w:attachedTemplate", "w:mailMerge", "w:documentProtection"):
        for one in list(word.settings.element.iter(qn(name))):
            one.getparent().remove(one)


def _made_ready(word: Word) -> Base:
    section = word.sections[0]
    measures = (section.page_width, section.page_height, section.left_margin, section.right_margin)
    if any(one is None for one in measures):
        raise ChunshuiError("没有页面设置。请用 Word 或 WPS 打开，设好纸张和页边距后另存为 docx。")
    page, high, left, right = (one.mm for one in measures if one is not None)
    if page > high or not _LEAST_MM <= page - left - right <= _MOST_MM:
        raise ChunshuiError(
            f"纸张{page:.0f}×{high:.0f}毫米、版心宽{page - left - right:.0f}毫米，不能用作公文模板。"
            f"请用竖向的A4，版心宽不少于{_LEAST_MM}毫米。"
        )
    base = Base(
        word, {}, not section.header.is_linked_to_previous, not section.footer.is_linked_to_previous
    )
    _styles(base)
    for has, what in ((base.has_header, "页眉"), (base.has_footer, "页脚")):
        (base.found if has else base.instead).append(what if has else f"没有{what}，用公文格式的")
    return base


def _styles(base: Base) -> None:
    """Take the unit's styles by their names; copy ours that it lacks."""
    theirs = base.word.styles.element
    known = {(one.get(qn("w:type")), _name(one)): one for one in theirs.iter(qn("w:style"))}
    taken = {one.get(qn("w:styleId")) for one in known.values()}
    ours = list(parse_xml((PARTS / "styles.xml").read_bytes()).iter(qn("w:style")))
    copies = []
    for style in ours:
        own = style.get(qn("w:styleId"))
        unit = known.get((style.get(qn("w:type")), _name(style)))
        if unit is not None:
            base.ids[own] = unit.get(qn("w:styleId"))
            continue
        base.ids[own] = own if own not in taken else f"{own}Notice"
        copies.append(style)
    number = _numbering(base)
    for style in copies:
        copy = deepcopy(style)
        copy.set(qn("w:styleId"), base.ids[style.get(qn("w:styleId"))])
        copy.attrib.pop(qn("w:default"), None)
        for name in _REFERS:
            for one in copy.findall(qn(f"w:{name}")):
                one.set(qn("w:val"), base.ids.get(one.get(qn("w:val")), one.get(qn("w:val"))))
        for one in copy.iter(qn("w:numId")):
            one.set(qn("w:val"), number)
        theirs.append(copy)
    numbered = {_name(one): one for one in ours if one.find(".//" + qn("w:numPr")) is not None}
    for name in ("heading 1", "heading 2"):
        unit = known.get(("paragraph", name))
        if unit is not None and unit.find(".//" + qn("w:numPr")) is None:
            place = deepcopy(numbered[name].find(".//" + qn("w:numPr")))
            place.find(qn("w:numId")).set(qn("w:val"), number)
            properties = unit.find(qn("w:pPr"))
            if properties is None:
                properties = unit.makeelement(qn("w:pPr"), {})
                _before(unit, properties, ("rPr", "tblPr"))
            _before(properties, place, _AFTER_NUMBER)
    own_names = {_name(one) for one in copies}
    unit_names = [label for name, label in _NAMED.items() if name.casefold() not in own_names]
    unit_names += [name for _, name in known if name.startswith("公文")]
    missing = [label for name, label in _NAMED.items() if name.casefold() in own_names]
    if unit_names:
        base.found.append(f"样式{'、'.join(unit_names)}")
    if missing:
        base.instead.append(f"没有样式{'、'.join(missing)}，用公文格式的")
    if not any(name == "公文正文" for _, name in known):
        base.instead.append("没有样式“公文正文”，正文按“正文”的字体字号，首行缩进两字")


# What comes after w:numPr among the properties of a paragraph, in the order of the schema.
_AFTER_NUMBER = (
    "suppressLineNumbers", "pBdr", "shd", "tabs", "suppressAutoHyphens", "kinsoku", "wordWrap",
    "overflowPunct", "topLinePunct", "autoSpaceDE", "autoSpaceDN", "bidi", "adjustRightInd",
    "snapToGrid", "spacing", "ind", "contextualSpacing", "mirrorIndents", "suppressOverlap", "jc",
    "textDirection", "textAlignment", "textboxTightWrap", "outlineLvl", "divId", "cnfStyle", "rPr",
)  # fmt: skip


def _before(parent, child, names: tuple[str, ...]) -> None:
    """Put an element before the first of those that come after it in the schema."""
    tags = {qn(f"w:{name}") for name in names}
    after = next((one for one in parent if one.tag in tags), None)
    if after is None:
        parent.append(child)
    else:
        after.addprevious(child)


def _name(style) -> str:
    name = style.find(qn("w:name"))
    return "" if name is None else name.get(qn("w:val")).casefold()


def _numbering(base: Base) -> str:
    """Put our numbering beside the unit's; return the id under which it is there."""
    part = base.word.part
    ours = parse_xml((PARTS / "numbering.xml").read_bytes())
    for one in ours.iter(qn("w:pStyle")):
        one.set(qn("w:val"), base.ids.get(one.get(qn("w:val")), one.get(qn("w:val"))))
    try:
        related = part.part_related_by(RELATIONSHIP_TYPE.NUMBERING)
        assert isinstance(related, NumberingPart)  # by its content type
        theirs = related.element
    except KeyError:
        blob = (PARTS / "numbering.xml").read_bytes()
        place = PackURI("/word/numbering.xml")
        new = NumberingPart.load(place, CONTENT_TYPE.WML_NUMBERING, blob, part.package)
        new._element = ours
        part.relate_to(new, RELATIONSHIP_TYPE.NUMBERING)
        return "1"

    def free(tag: str, key: str) -> str:
        return str(max((int(one.get(qn(key))) for one in theirs.iter(qn(tag))), default=0) + 1)

    abstract, number = free("w:abstractNum", "w:abstractNumId"), free("w:num", "w:numId")
    kind, used = ours.find(qn("w:abstractNum")), ours.find(qn("w:num"))
    kind.set(qn("w:abstractNumId"), abstract)
    used.set(qn("w:numId"), number)
    used.find(qn("w:abstractNumId")).set(qn("w:val"), abstract)
    _before(theirs, kind, ("num", "numIdMacAtCleanup"))
    _before(theirs, used, ("numIdMacAtCleanup",))
    return number
