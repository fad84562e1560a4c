"""The notice as Word (.docx): the styles of official documents, by name, so that a unit edits on.

Styles, numbering and fonts are the files in `parts/` (after GB/T 9704-2012; `docs/snapshots.md` says what of it).
"""

import datetime as dt
import io
from collections.abc import Iterable
from pathlib import Path
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as Word
from docx.enum.section import WD_ORIENT
from docx.opc.constants import RELATIONSHIP_TYPE as KIND
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.section import Section
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph

from chunshui.snapshots.model import Snapshot
from chunshui.snapshots.render.deck.reproducible import normalise
from chunshui.snapshots.render.notice import unit_style
from chunshui.snapshots.render.notice.blocks import (
    Annex,
    Block,
    Heading,
    Note,
    Notice,
    Paragraph,
    Picture,
    Point,
    Sheet,
)
from chunshui.snapshots.render.notice.content import NO_DATE, notice_of
from chunshui.snapshots.render.notice.one_sheet import (
    MARGIN_MM,
    Letters,
    letters_of,
    second_page,
)
from chunshui.snapshots.render.notice.unit_style import Base
from chunshui.snapshots.render.pictures import pictures
from chunshui.snapshots.render.table_layout import em, widths
from chunshui.snapshots.render.typeset import GlyphMissingError
from chunshui.snapshots.stamp import clean, shorten

PARTS = Path(__file__).parent / "parts"
PAGE_MM = (210, 297)
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
CELL_PT, MANY = 10.5, 6  # letters of a table; with more columns than so many they are smaller
_SMALL_PT = 9
_MASTHEAD_PT = 42
_MOST_MM = 190  # a picture's height on a page with its caption
_PIXELS = 1600
_CELL_LENGTH = 400
_MARGIN = 1.0  # letters of a cell that are left empty
_MEASURES = (
    "page_width", "page_height", "top_margin", "bottom_margin", "left_margin", "right_margin",
    "header_distance", "footer_distance",
)  # fmt: skip
_UNUSED = ("stylesWithEffects", "customXml", "webSettings", "thumbnail")


def docx_bytes(
    snapshot: Snapshot,
    exported_at: dt.datetime,
    template: bytes | None = None,
    *,
    whole: bool = False,
) -> bytes:
    """Return the notice as .docx bytes; the same snapshot, time and template give the same bytes.

    `template` is a unit's own .docx (see `unit_style`): its page, header, footer and styles by name. `whole` has
    all annexes.

    A letter that the vendored font lacks keeps a picture out, and the document says so; text is drawn
    with the reader's fonts.
    """
    notice = notice_of(snapshot, whole=whole)
    own = unit_style.of_template(template) if template else None
    word = own.word if own else _empty()
    if not own:
        _set_page(word.sections[0], wide=False)
    letters = letters_of(notice) if notice.is_sheet and not own else None
    if letters:
        _make_small(word, letters)
    _every_page(word, notice, own)
    _properties(word, snapshot, notice)
    _masthead(word, notice)
    _add(word, notice.title, "Title")
    if notice.addressee:
        _add(word, f"{notice.addressee.rstrip('：:')}：", "NoticeAddressee")
    if notice.opening:
        _add(word, notice.opening, "NoticeBody")
    second = second_page(notice) if letters else None
    _blocks(word, notice.body, exported_at, wide=False, second=second, letters=letters)
    _ending(word, notice)
    for number, annex in enumerate(notice.annexes, 1):
        _annex(word, number, annex, exported_at)
    _add(word, notice.source, "NoticeNote")
    if notice.copies:
        _add(word, f"抄送：{_stopped(notice.copies)}", "NoticeCopies")
        if notice.issuer and notice.date != NO_DATE:
            _add(word, f"{notice.issuer}\t{notice.date}印发", "NoticeIssued")
    if own:
        own.rename()
    out = io.BytesIO()
    word.save(out)
    return normalise(out.getvalue(), exported_at)


def _empty() -> Word:
    """A document with the styles, numbering and fonts of official documents and nothing else."""
    word = Document()
    part, package = word.part, word.part.package
    for rels in (part.rels, package.rels):
        for key in [k for k, rel in rels.items() if rel.reltype.endswith(_UNUSED)]:
            del rels[key]
    for one, name in ((part._styles_part, "styles"), (part.numbering_part, "numbering")):
        one._element = parse_xml((PARTS / f"{name}.xml").read_bytes())
    part._settings_part._element = parse_xml((PARTS / "settings.xml").read_bytes())
    for rels, kind, name in (
        (part.rels, KIND.FONT_TABLE, "fontTable"),
        (package.rels, KIND.EXTENDED_PROPERTIES, "app"),
    ):
        for rel in rels.values():
            if rel.reltype == kind:
                rel.target_part._blob = (PARTS / f"{name}.xml").read_bytes()
    return word


def _set_page(section: Section, *, wide: bool) -> None:
    """A4 with the margins of official documents; crosswise the page is turned, its margins with it."""
    across, down = PAGE_MM[::-1] if wide else PAGE_MM
    section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(across), Mm(down)
    edges = (
        (LEFT_MM, RIGHT_MM, BOTTOM_MM, TOP_MM) if wide else (TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM)
    )
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = map(
        Mm, edges
    )
    section.header_distance = Mm(12)
    section.footer_distance = Mm(14 if wide else 23)


def _make_small(word: Word, letters: Letters) -> None:
    """Give a sheet its margins and its letters, whatever the official form has."""
    section = word.sections[0]
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.header_distance = section.footer_distance = Mm(9)
    table = (letters.cell, letters.cell_line)
    for name, (points, line), around in (
        ("Normal", (letters.text, letters.line), 0), ("Title", (16, 24), 4),
        ("公文表格文字", table, 2), ("公文表格表头", table, 2), ("公文表注", table, 2),
    ):  # fmt: skip
        style = word.styles[name]
        style.font.size, style.paragraph_format.line_spacing = Pt(points), Pt(line)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(around)


def _every_page(word: Word, notice: Notice, own: Base | None) -> None:
    """What every page has: above, that it is a demonstration, if it is; — 1 — at the outer side below.

    Above, it stands under what a unit's own pages have there; below, theirs stays as it is.
    """
    section = word.sections[0]
    headers = [section.header, section.even_page_header]
    if section.different_first_page_header_footer:
        headers.append(section.first_page_header)
    for header in headers:
        theirs = bool(own) and not header.is_linked_to_previous
        header.is_linked_to_previous = False
        paragraph = header.add_paragraph() if theirs else header.paragraphs[0]
        paragraph.style = _page_style(word, "header")
        if notice.is_demonstration:
            run = _run(paragraph, notice.nature)
            run.bold, run.font.color.rgb = True, RGBColor(0xE6, 0x00, 0x12)
    if own and own.has_footer:
        return
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.style = _page_style(word, "footer")
        properties = paragraph._p.get_or_add_pPr()
        properties.append(_element("ind", **{f"{side}Chars": "100", side: "280"}))
        properties.append(_element("jc", val=side))
        _run(paragraph, "— ")
        for kind in ("begin", "PAGE", "separate", "1", "end"):
            paragraph._p.append(_field(kind))
        _run(paragraph, " —")


def _page_style(word: Word, name: str) -> object:
    """The style of what every page has, whatever its letters: programs write header and Header."""
    return next((one for one in word.styles if (one.name or "").lower() == name), None)


def _field(kind: str) -> object:
    """A run of the field that is the number of the page."""
    run = OxmlElement("w:r")
    if kind in ("begin", "separate", "end"):
        run.append(_element("fldChar", fldCharType=kind))
    else:
        text = OxmlElement("w:instrText" if kind == "PAGE" else "w:t")
        text.text = kind
        run.append(text)
    return run


def _properties(word: Word, snapshot: Snapshot, notice: Notice) -> None:
    core = word.core_properties
    core.title, core.author = shorten(notice.title, 200), shorten(snapshot.unit, 200)
    core.subject, core.comments = "", notice.nature
    core.keywords = f"{snapshot.data_version}, {snapshot.id}, {snapshot.nature_words}"[:255]
    core.last_modified_by, core.language, core.revision = "", "zh-CN", 1


def _masthead(word: Word, notice: Notice) -> None:
    """What stands above the title: 密级, the unit in red, 文号 or 期号 over a red line."""
    if notice.secrecy:
        _add(word, notice.secrecy, "NoticeSecrecy")
    if notice.masthead:
        paragraph = _add(word, notice.masthead, "NoticeMasthead")
        fits = min(_MASTHEAD_PT, _across_pt(word) / max(em(notice.masthead) * 1.02, 1))
        for run in paragraph.runs:
            run.font.size = Pt(max(int(fits * 2) / 2, 12))
    if not (notice.masthead or notice.number or notice.approver):
        return
    between = notice.number
    if any(notice.under):
        between = "\t".join((notice.number, *notice.under))
    elif notice.approver:
        between = f"{notice.number}\t\t签发人：{notice.approver}"
    paragraph = _add(word, between, "NoticeNumber")
    for run in paragraph.runs:
        run.font.size = Pt(min(16, round(2 * _across_pt(word) / (em(between) + 4)) / 2))
    if "\t" in between:
        paragraph._p.get_or_add_pPr().append(_element("jc", val="left"))
    if any(notice.under) and notice.approver:
        _add(word, f"签发：{notice.approver}", "NoticeAddressee")


def _ending(word: Word, notice: Notice) -> None:
    """The list of annexes, signature and day."""
    titles = [annex.title for annex in notice.annexes]
    begins = len(word.element.body) - 2  # the last of the text stays with what follows it
    for number, title in enumerate(titles, 1):
        own = f"{number}.{title}"
        paragraph = _add(word, f"附件：{own}" if number == 1 else own, "NoticeAnnexes")
        if number == 1:
            paragraph.paragraph_format.space_before = Pt(28)
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                _element("ind", leftChars="500", left="1600", hangingChars="300", hanging="960")
            )
        else:
            properties = paragraph._p.get_or_add_pPr()
            properties.append(
                _element("ind", leftChars="500", left="1600", firstLineChars="0", firstLine="0")
            )
    if not notice.signature:
        _keep_together(word, begins)
        return
    wide = max(em(notice.signature), em(notice.date))
    for line in (notice.signature, notice.date):
        paragraph = _add(word, line, "NoticeSignature")
        # The shorter is centred on the longer, which ends four letters from the margin.
        right = round((4 + (wide - em(line)) / 2) * 100) if wide < 20 else 200
        paragraph._p.get_or_add_pPr().append(
            _element("ind", rightChars=str(right), right=str(right * 16 // 5))
        )
        if line == notice.signature:
            paragraph.paragraph_format.space_before = Pt(56)
    _keep_together(word, begins)


def _keep_together(word: Word, first: int) -> None:
    """Keep the paragraphs from one on together: no list of annexes, no signature alone on a page."""
    for one in list(word.element.body)[first:-2]:
        if one.tag == qn("w:p"):
            WordParagraph(one, word).paragraph_format.keep_with_next = True


def _annex(word: Word, number: int, annex: Annex, exported_at: dt.datetime) -> None:
    """An annex on pages of its own, crosswise where a table is wide."""
    turned = word.sections[-1].orientation == WD_ORIENT.LANDSCAPE
    if annex.wide != turned:
        _new_section(word, wide=annex.wide)
    mark = _add(word, f"附件{number}", "NoticeAnnexMark")
    if annex.wide != turned:  # the section begins a page
        mark.paragraph_format.page_break_before = False
    _add(word, annex.title, "NoticeAnnexTitle")
    _blocks(word, annex.blocks, exported_at, wide=annex.wide, annexed=True)


def _new_section(word: Word, *, wide: bool) -> None:
    """Begin a section in the last paragraph that there is: one of its own might fall on an empty page.

    Crosswise it is a standard page; upright again, as the document began.
    """
    section = word.add_section()
    ending = word.element.body[-2]
    before = ending.getprevious()
    before.get_or_add_pPr().append(ending.pPr[0])
    ending.getparent().remove(ending)
    _set_page(section, wide=wide)
    if not wide:
        first = word.sections[0]
        for name in _MEASURES:
            setattr(section, name, getattr(first, name))


def _blocks(
    word: Word,
    blocks: Iterable[Block],
    exported_at: dt.datetime,
    *,
    wide: bool,
    annexed: bool = False,
    second: int | None = None,
    letters: Letters | None = None,
) -> None:
    number = 0
    for at, block in enumerate(blocks):
        match block:
            case Heading(level, text):
                heading = _add(word, text, f"Heading{level}")
                heading.paragraph_format.page_break_before = at == second or None
            case Paragraph(text):
                paragraph = _add(word, text, "Caption" if annexed else "NoticeBody")
                paragraph.paragraph_format.keep_with_next = annexed or None
            case Point(lead, text, alone):
                paragraph = _add(word, "", "NoticeBody" if alone else "NoticePoint")
                if lead:
                    _run(paragraph, lead).bold = True
                _run(paragraph, text)
            case Note(text):
                _add(word, text, "NoticeNote")
            case Sheet():
                if word.element.body[-2].tag == qn("w:p"):  # what it is about stays with it
                    WordParagraph(
                        word.element.body[-2], word
                    ).paragraph_format.keep_with_next = True
                _table(word, block, wide=wide, letters=letters)
                if block.note:
                    _add(word, block.note, "NoticeNote")
            case Picture():
                number += 1
                _picture(word, block, number, exported_at, wide=wide)


def _picture(
    word: Word, picture: Picture, number: int, exported_at: dt.datetime, *, wide: bool
) -> None:
    """A picture with its words for who cannot see it, and its caption."""
    drawing = picture.drawing
    try:
        data = pictures.raster(drawing, exported_at, _PIXELS)
    except GlyphMissingError as fault:
        _add(word, f"图{number}没有画出：字库里没有{fault.named}这个字。", "Caption")
    else:
        paragraph = _add(word, "", "NoticePicture")
        across = min(_text_mm(word), _MOST_MM * drawing.width / drawing.height)
        shape = paragraph.add_run().add_picture(io.BytesIO(data), width=Mm(across))
        shape._inline.docPr.set("descr", clean(drawing.description))
        shape._inline.docPr.set("name", f"图{number}")
    _add(word, f"图{number}　{picture.caption}", "Caption")


def _across_pt(word: Word) -> float:
    """The width of the text upright, in points."""
    return _text_mm(word) / 25.4 * 72


def _text_mm(word: Word) -> float:
    """The width of the text in the last section, in millimetres."""
    section = word.sections[-1]
    edges = (section.page_width, section.left_margin, section.right_margin)
    page, left, right = (one.mm if one is not None else 0.0 for one in edges)
    return page - left - right


def _table(word: Word, sheet: Sheet, *, wide: bool, letters: Letters | None = None) -> None:
    """A native table: its head repeats on every page, no row is cut by the end of one."""
    size = _SMALL_PT if len(sheet.header) > MANY else CELL_PT
    size = letters.cell if letters else size
    rows = [[shorten(cell, _CELL_LENGTH) for cell in row] for row in sheet.rows]
    across = _text_mm(word) / 25.4 * 1440  # twentieths of a point
    shares = widths(sheet.header, rows, across / 20 / size, _MARGIN)
    columns = [round(across * share / sum(shares)) for share in shares]
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    small = f'<w:sz w:val="{2 * size:g}"/><w:szCs w:val="{2 * size:g}"/>' if size != CELL_PT else ""
    head = _row(sheet.header, columns, small, style="NoticeCellHead", mark="<w:tblHeader/>")
    body = "".join(_row(row, columns, small, right=sheet.right) for row in rows)
    table = parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="NoticeTable"/>'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblLook w:val="0020" w:firstRow="1"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{head}{body}</w:tbl>"
    )
    end = word.element.body
    end.insert(list(end).index(end.sectPr), table)
    # Two tables that touch would be one; a table is followed by a paragraph in any case.
    if not sheet.note:
        after = _add(word, "", "NoticeNote").paragraph_format
        after.space_before = after.space_after = Pt(0)
        after.line_spacing = Pt(8)


def _row(
    cells: Iterable[str],
    columns: list[int],
    size: str,
    *,
    style: str = "NoticeCell",
    mark: str = "",
    right: tuple[int, ...] = (),
) -> str:
    parts = []
    for at, (cell, width) in enumerate(zip(cells, columns, strict=True)):
        side = '<w:jc w:val="right"/>' if at in right and not mark else ""
        parts.append(
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>'
            f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{side}</w:pPr><w:r><w:rPr>'
            f'<w:rFonts w:hint="eastAsia"/>{size}</w:rPr><w:t xml:space="preserve">{escape(clean(cell))}'
            f"</w:t></w:r></w:p></w:tc>"
        )
    return f"<w:tr><w:trPr><w:cantSplit/>{mark}</w:trPr>{''.join(parts)}</w:tr>"


def _add(word: Word, text: str, style: str) -> WordParagraph:
    """Add a paragraph in a style, by its id: names of headings are the reader's language."""
    paragraph = word.add_paragraph()
    paragraph._p.get_or_add_pPr().append(_element("pStyle", val=style))
    if text:
        _run(paragraph, text)
    return paragraph


def _run(paragraph: WordParagraph, text: str):
    """Add a run whose signs (“”—…) are taken from the Chinese font."""
    run = paragraph.add_run(clean(text))
    run._r.get_or_add_rPr().insert(0, _element("rFonts", hint="eastAsia"))
    return run


def _element(name: str, **attributes: str):
    element = OxmlElement(f"w:{name}")
    for key, value in attributes.items():
        element.set(qn(f"w:{key}"), value)
    return element


def _stopped(text: str) -> str:
    return text if text.endswith("。") else f"{text}。"
